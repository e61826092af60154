package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a server that runs beside this program.
type process struct {
	*exec.Cmd
	address string // host:port
	exited  chan struct{}
}

// startTimeout bounds how long a server takes to listen.
const startTimeout = 20 * time.Second

// start starts a server and waits for it to write the URL that it listens on.
func start(ctx context.Context, env []string, command ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(ctx, command[0], command[1:]...), exited: make(chan struct{})}
	out := &output{address: make(chan string, 1)}
	p.Env = append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	p.Stdout, p.Stderr = out, out
	if err := p.Start(); err != nil {
		return nil, err
	}
	go func() { defer close(p.exited); _ = p.Wait() }()
	select {
	case p.address = <-out.address:
		return p, nil
	case <-p.exited:
		return nil, fmt.Errorf("%s ended: %s", filepath.Base(command[0]), out.text())
	case <-time.After(startTimeout):
		p.stop()
		return nil, fmt.Errorf("%s does not say where it listens: %s", filepath.Base(command[0]), out.text())
	}
}

// stop ends a server at once.
func (p *process) stop() {
	_ = p.Process.Kill()
	<-p.exited
}

// finish asks a server that profiles itself to write its profiles and end.
func (p *process) finish() error {
	if err := p.Process.Signal(syscall.SIGUSR1); err != nil {
		return err
	}
	select {
	case <-p.exited:
		return nil
	case <-time.After(startTimeout):
		return errors.New("no profile was written")
	}
}

// output finds the address in what a server writes, and drops the rest.
type output struct {
	mu      sync.Mutex
	written bytes.Buffer
	found   bool
	address chan string
}

var listens = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)\D`)

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found {
		return len(b), nil
	}
	o.written.Write(b)
	if match := listens.FindSubmatch(o.written.Bytes()); match != nil {
		o.found = true
		o.address <- string(match[1])
	}
	return len(b), nil
}

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.written.String()
}

// clockTick is the unit of /proc/PID/stat: USER_HZ is 100 wherever Go runs
// (proc(5)).
const clockTick = 10 * time.Millisecond

// cpuTime is the time that all threads of the process had so far, in user and
// kernel mode: proc(5), /proc/PID/stat, utime and stime.
func (p *process) cpuTime() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, afterName, _ := strings.Cut(string(stat), ") ") // the third field is the first after it
	fields := strings.Fields(afterName)
	user, err := strconv.Atoi(fields[14-3])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[15-3])
	return time.Duration(user+system) * clockTick, err
}

// peakMemory is the largest resident set of the process so far, in bytes:
// proc(5), /proc/PID/status, VmHWM.
func (p *process) peakMemory() (int64, error) {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	defer status.Close()
	text, err := io.ReadAll(status)
	if err != nil {
		return 0, err
	}
	_, peak, found := strings.Cut(string(text), "VmHWM:")
	if !found {
		return 0, errors.New("/proc has no VmHWM")
	}
	kilobytes, err := strconv.ParseInt(strings.Fields(peak)[0], 10, 64)
	return kilobytes << 10, err
}
