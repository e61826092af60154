// Package load drives the built program to its limits and looks at it from
// outside: what callers get, and what memory and goroutines it takes.
package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// built is the path of the program, which TestMain builds.
var built string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "load")
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

// program is a running program.
type program struct {
	url     string
	metrics string // URL
	process *exec.Cmd
	ended   chan error // gets what became of the process
}

// start runs the program before an upstream, until the test ends.
func start(t *testing.T, texterURL string, args ...string) *program {
	t.Helper()
	p := &program{ended: make(chan error, 1)}
	args = append(args, "-addr", "127.0.0.1:0", "-metrics-addr", "127.0.0.1:0", "-log-level", "error", "-texter-url", texterURL)
	p.process = exec.Command(built, args...)
	stderr, err := p.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.process.Process.Kill() })
	p.readAddresses(t, stderr)
	return p
}

var (
	serviceAddress = regexp.MustCompile(`GraphQL: (http://\S+)/graphql`)
	metricsAddress = regexp.MustCompile(`Metrics: (http://\S+/metrics)`)
)

func (p *program) readAddresses(t *testing.T, stderr io.Reader) {
	t.Helper()
	lines := bufio.NewScanner(stderr)
	var said bytes.Buffer
	for p.url == "" || p.metrics == "" {
		if !lines.Scan() {
			t.Fatalf("it does not say where it is: %s", &said)
		}
		fmt.Fprintln(&said, lines.Text())
		if found := serviceAddress.FindStringSubmatch(lines.Text()); found != nil {
			p.url = found[1]
		}
		if found := metricsAddress.FindStringSubmatch(lines.Text()); found != nil {
			p.metrics = found[1]
		}
	}
	go func() {
		_, _ = io.Copy(os.Stderr, stderr)
		p.ended <- p.process.Wait()
	}()
}

// stop tells the program to end.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}

// goroutines is how many there are.
func (p *program) goroutines(t *testing.T) int {
	t.Helper()
	res, err := http.Get(p.metrics)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\ngo_goroutines ")
	value, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// memory is the resident memory in MB: what it is, and what it was at most.
func (p *program) memory(t *testing.T) (now, peak int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.process.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		kB, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS":
			now = kB >> 10
		case "VmHWM":
			peak = kB >> 10
		}
	}
	return now, peak
}

// answer is what came of a request.
type answer struct {
	status int
	body   []byte
}

// ok reports whether it is data without errors.
func (a answer) ok() bool {
	return a.status == 200 && bytes.HasPrefix(a.body, []byte(`{"data":{"`)) && !bytes.Contains(a.body, []byte(`"errors":`))
}

// post sends an operation in a caller's name.
func (p *program) post(client *http.Client, caller, operation string) (answer, error) {
	r, err := http.NewRequest(http.MethodPost, p.url+"/graphql", strings.NewReader(fmt.Sprintf(`{"query":%q}`, operation)))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+caller)
	res, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, body}, err
}
