// Package toxic has the built program talk to Texter through toxiproxy, which
// spoils the connection in one way after another.
package toxic

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// program is the running program.
type program struct {
	graphql, metrics string // URLs
	process          *exec.Cmd
}

var address = regexp.MustCompile(`(GraphQL|Metrics): (http://\S+)`)

// start builds the program and runs it before a Texter.
func start(t *testing.T, texterURL string) *program {
	t.Helper()
	built := filepath.Join(t.TempDir(), "texter-graphql")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-C", "../..", "-o", built, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	p := &program{process: exec.Command(built, "-addr", "127.0.0.1:0", "-metrics-addr", "127.0.0.1:0",
		"-log-level", "error", "-texter-url", texterURL, "-texter-timeout", deadline.String())}
	stderr, err := p.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.process.Process.Kill(); _ = p.process.Wait() })
	var said bytes.Buffer
	for lines := bufio.NewScanner(stderr); p.graphql == "" || p.metrics == ""; {
		if !lines.Scan() {
			t.Fatalf("it does not say where it is: %s", &said)
		}
		fmt.Fprintln(&said, lines.Text())
		switch found := address.FindStringSubmatch(lines.Text()); {
		case found == nil:
		case found[1] == "GraphQL":
			p.graphql = found[2]
		default:
			p.metrics = found[2]
		}
	}
	go func() { _, _ = io.Copy(os.Stderr, stderr) }()
	return p
}

// search asks for the largest page and returns the code of the error that comes of it, or
// "" for chats.
func (p *program) search(t *testing.T) (code string, took time.Duration) {
	t.Helper()
	began := time.Now()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.graphql, strings.NewReader(`{"query":"{ searchChats(first: 10000) { nodes { id title } } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Data   struct{ SearchChats *struct{ Nodes []any } }
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	took = time.Since(began)
	if len(answer.Errors) == 1 {
		return answer.Errors[0].Extensions.Code, took
	}
	if answer.Data.SearchChats == nil || len(answer.Data.SearchChats.Nodes) != rows {
		t.Fatalf("got %+v", answer)
	}
	return "", took
}

// goroutines is how many the program has.
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
	number, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// memory is the resident memory in MB: "VmRSS" now, "VmHWM" at most.
func (p *program) memory(t *testing.T, which string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.process.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), which+":")
	kB, _, _ := strings.Cut(rest, "kB")
	n, err := strconv.Atoi(strings.TrimSpace(kB))
	if err != nil {
		t.Fatal(err)
	}
	return n >> 10
}
