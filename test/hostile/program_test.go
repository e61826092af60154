// Package hostile attacks the built program over TCP, as a stranger would: what
// it sends is bytes, what it looks at is the answer, what Texter is asked, what
// is logged, and whether the program lives.
package hostile

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the path of the program, which TestMain builds.
var built string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	built = filepath.Join(dir, "texter-graphql")
	if output, err := exec.Command("go", "build", "-o", built, "../..").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s\n", err, output)
		return 1
	}
	return m.Run()
}

// lookAtSources reads the folders that the program is built from: go test
// repeats an old result as long as nothing that the test has read is new.
func lookAtSources() {
	_ = filepath.WalkDir("../..", func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		return err
	})
}

// program is a running program.
type program struct {
	addr    string // host:port
	process *exec.Cmd
	said    *output
	ended   chan error // gets what became of the process
}

// settings are environment variables of a process, as NAME=value.
type settings []string

// start runs the program on a free port until the test ends. Then it must still
// be alive, end when it is told to, and have said no canary.
func start(t *testing.T, s settings, args ...string) *program {
	t.Helper()
	lookAtSources()
	p := &program{process: exec.CommandContext(context.Background(), built, args...), said: newOutput(), ended: make(chan error, 1)}
	p.process.Env = append(s, "ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=debug")
	p.process.Stderr = p.said
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.process.Wait() }()
	t.Cleanup(func() { p.end(t) })
	select {
	case p.addr = <-p.said.address:
	case err := <-p.ended:
		p.ended <- err
		t.Fatalf("it did not start: %v\n%s", err, p.said)
	case <-time.After(30 * time.Second):
		t.Fatalf("it does not say where it is: %s", p.said)
	}
	return p
}

func (p *program) end(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.ended:
		t.Errorf("the program died: %v\n%s", err, p.said)
		return
	default:
	}
	assertClean(t, "the metrics", p.metrics(t))
	_ = p.process.Process.Signal(syscall.SIGTERM)
	if err := <-p.ended; err != nil {
		t.Errorf("the program ended with %v\n%s", err, p.said)
	}
	assertClean(t, "the log", p.said.String())
}

// assertClean fails if what a program says has what it was sent, or speaks of
// a panic.
func assertClean(t *testing.T, name, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if lower := strings.ToLower(line); strings.Contains(lower, "canary") || strings.Contains(lower, "panic") || strings.Contains(line, "goroutine ") {
			t.Errorf("%s: %s", name, line)
		}
	}
}

// metrics are what Prometheus would get.
func (p *program) metrics(t *testing.T) string {
	t.Helper()
	found := metricsURL.FindStringSubmatch(p.said.String())
	if found == nil {
		t.Fatalf("it does not say where its metrics are: %s", p.said)
	}
	res, err := http.Get(found[1])
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || len(body) == 0 {
		t.Errorf("the metrics are %d, %v", res.StatusCode, err)
	}
	return string(body)
}

// busy is how long the program has worked, in steps of 10 ms; 0 where the
// machine does not tell: see proc_pid_stat(5) of Linux.
func (p *program) busy() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.process.Process.Pid))
	if err != nil {
		return 0
	}
	_, fields, _ := strings.Cut(string(stat), ") ")
	ticks := 0
	for _, field := range strings.Fields(fields)[11:13] { // in user mode, in the kernel
		n, _ := strconv.Atoi(field)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// output is what a process says on stderr.
type output struct {
	address chan string // gets host:port
	mu      sync.Mutex
	text    bytes.Buffer
	found   bool
}

func newOutput() *output { return &output{address: make(chan string, 1)} }

var (
	address    = regexp.MustCompile(`GraphQL: http://(\S+)/graphql`)
	metricsURL = regexp.MustCompile(`Metrics: (http://\S+)`)
)

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(p)
	if found := address.FindSubmatch(o.text.Bytes()); found != nil && !o.found {
		o.found = true
		o.address <- string(found[1])
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
