package harness

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// Command says which program to start, and how.
type Command struct {
	Path string   // of the program
	Args []string // its flags and arguments
	Env  []string // all of its environment, as NAME=value; the sandbox's chats stay as they are unless it says else

	// Ready is the name of the address that a program prints once it listens:
	// "GraphQL" where it is "".
	Ready string
	// Log gets what the program prints after its banner. It may be read once the
	// process has ended. Nil drops it.
	Log io.Writer
}

// Run runs the program to its end. It returns what the program printed and its
// exit code. It errors if the program could not be run, and if it listens: it would
// not end by itself then, and is killed.
func (c Command) Run(ctx context.Context) (output string, exitCode int, err error) {
	p, out, err := c.launch(ctx)
	if err != nil {
		return "", 0, err
	}
	select {
	case <-out.listens:
		p.Kill()
		err = errors.New("it listens in place of ending")
	case <-p.ended:
		if _, failed := errors.AsType[*exec.ExitError](p.err); !failed {
			err = p.err
		}
	}
	return out.banner.String(), p.process.ProcessState.ExitCode(), err
}

func (c Command) process(ctx context.Context) *exec.Cmd {
	process := exec.CommandContext(ctx, c.Path, c.Args...)
	process.Env = append([]string{"SANDBOX_TRAFFIC=0"}, c.Env...) // a test says itself what changes
	return process
}

// Process is a program that runs, or ran.
type Process struct {
	// Banner is what the program printed until it listened.
	Banner string

	process *exec.Cmd
	urls    map[string]string // by their names in the banner, in small letters
	ended   chan struct{}     // is closed when the process has ended
	err     error             // why it ended; to be read after ended
}

// Start starts the program and waits until it listens. It errors if the program
// ends before that. When ctx ends, the program is killed.
func (c Command) Start(ctx context.Context) (*Process, error) {
	p, out, err := c.launch(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case <-out.listens:
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("%s ended before it listened: %w\n%s", filepath.Base(c.Path), p.err, &out.banner)
	}
}

// launch starts the program.
func (c Command) launch(ctx context.Context) (*Process, *output, error) {
	p := &Process{process: c.process(ctx), urls: map[string]string{}, ended: make(chan struct{})}
	out := &output{ready: cmp.Or(c.Ready, "GraphQL"), listens: make(chan struct{}), log: c.Log, process: p}
	p.process.Stdout, p.process.Stderr = out, out
	if err := p.process.Start(); err != nil {
		return nil, nil, err
	}
	go func() {
		defer close(p.ended)
		p.err = p.process.Wait()
	}()
	return p, out, nil
}

// output takes what a process writes: first its banner, then its log.
type output struct {
	ready   string
	listens chan struct{} // is closed at the end of the banner
	banner  bytes.Buffer
	log     io.Writer
	process *Process
}

// address is the contract between programs and this harness: the banner names
// each address of a program, as NAME: URL, or in a line of JSON for the service.
// test/harness/service.mjs has it for JavaScript.
var address = regexp.MustCompile(`\b(\w+)(?:: |":")(http://[^\s"]+)[\s"]`)

// Write is called by one goroutine.
func (o *output) Write(b []byte) (int, error) {
	if o.process.Banner != "" {
		if o.log == nil {
			return len(b), nil
		}
		return o.log.Write(b)
	}
	o.banner.Write(b)
	for _, found := range address.FindAllSubmatch(o.banner.Bytes(), -1) {
		o.process.urls[strings.ToLower(string(found[1]))] = string(found[2])
	}
	if o.process.URL(o.ready) != "" {
		o.process.Banner = o.banner.String()
		close(o.listens)
	}
	return len(b), nil
}

// URL returns an address of the banner by its name there, such as "GraphQL" or
// "Metrics"; "" if there is none.
func (p *Process) URL(name string) string { return p.urls[strings.ToLower(name)] }

// Addr returns an address of the banner by its name there, as host:port.
func (p *Process) Addr(name string) string {
	host, _, _ := strings.Cut(strings.TrimPrefix(p.URL(name), "http://"), "/")
	return host
}

// Done returns a channel that is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.ended }

// Wait waits until the process has ended. It errors unless the exit code is 0.
func (p *Process) Wait() error {
	<-p.ended
	return p.err
}

// Signal sends a signal to the process.
func (p *Process) Signal(s syscall.Signal) error { return p.process.Process.Signal(s) }

// Stop asks the process to end, and waits for it. It errors unless the exit code
// is 0.
func (p *Process) Stop() error {
	if err := p.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.Wait()
}

// Kill ends the process at once.
func (p *Process) Kill() {
	_ = p.process.Process.Kill()
	<-p.ended
}

// Start starts the service for a test, by default the one of Binary, and kills
// it when the test ends.
func Start(t testing.TB, c Command) *Process {
	t.Helper()
	if c.Path == "" {
		c.Path = Binary(t)
	}
	p, err := c.Start(context.Background()) // the context of a test ends before its clean-up
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}
