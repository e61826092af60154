package app

import (
	"io"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
)

func TestNoGoroutineIsLeft(t *testing.T) {
	keysURL, sign := newIssuer(t)
	key, line := makeKey(t, "inbox")
	redis := startRedis(t).environment()
	redis["TEXTER_API_TOKEN"] = "service"
	observed := []string{"-metrics-addr", "127.0.0.1:0", "-otel-exporter-otlp-endpoint", newCollector(t).URL, "-otel-traces-sampler-arg", "1"}
	texterURL, _ := startTexter(t)
	for name, test := range map[string]struct {
		env     environment
		args    []string
		callers []string
	}{
		"by a sandbox": {nil, observed, []string{"nobody"}},
		"by access keys, JWTs and Redis": {redis, append([]string{
			"-texter-url", texterURL, "-access-keys", keyFile(t, line), "-jwt-issuer", "https://issuer.example", "-jwt-audience", "inbox", "-jwt-jwks-url", keysURL,
			"-cache-ttl", "1m",
		}, observed...), []string{key, sign(nil)}},
		"by a refresh that Texter does not answer": {nil, []string{
			"-texter-url", texterWithOneAnswer(t), "-cache-ttl", "1ns", "-cache-stale-while-revalidate", "1h", "-texter-timeout", "1h",
		}, []string{"caller"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := goroutines()
			s := start(t, test.env, test.args...)
			for range 3 {
				for _, caller := range test.callers {
					if res, body := s.search(t, "Authorization: Bearer "+caller); res.StatusCode != 200 || strings.Contains(body, "errors") {
						t.Errorf("%d: %s", res.StatusCode, body)
					}
				}
			}
			s.end(t)
			assertNoneLeft(t, before)
		})
	}
}

// texterWithOneAnswer starts a Texter that answers one search only.
func texterWithOneAnswer(t *testing.T) (url string) {
	t.Helper()
	var requests atomic.Int64
	return serveTexter(t, func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 1 {
			<-r.Context().Done()
		}
		_, _ = io.WriteString(w, oneChat)
	})
}

// assertNoneLeft fails if a goroutine is left that did not run before.
func assertNoneLeft(t *testing.T, before map[string]string) {
	t.Helper()
	left := leftSince(before)
	for range 1000 { // a goroutine that has just finished its work may need a moment to end
		if len(left) == 0 {
			return
		}
		runtime.Gosched()
		left = leftSince(before)
	}
	for _, stack := range left {
		t.Errorf("left: %s", stack)
	}
}

// leftSince returns the stacks of the goroutines that run code of the service,
// or of a library that it starts goroutines by, and that did not run before.
func leftSince(before map[string]string) (stacks []string) {
	for id, stack := range goroutines() {
		if _, ranBefore := before[id]; !ranBefore && ofService(stack) {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

var serviceFrame = regexp.MustCompile(`(?m)^(created by )?(texter-graphql/|go\.opentelemetry\.io/|github\.com/redis/).*\n\s.*\.go:`)

func ofService(stack string) bool {
	for _, frame := range serviceFrame.FindAllString(stack, -1) {
		if !strings.HasSuffix(frame, "_test.go:") {
			return true
		}
	}
	return false
}

// goroutines returns the stacks of all goroutines by their ids.
func goroutines() map[string]string {
	buffer := make([]byte, 4<<20)
	buffer = buffer[:runtime.Stack(buffer, true)]
	stacks := map[string]string{}
	for stack := range strings.SplitSeq(string(buffer), "\n\n") {
		id, _, _ := strings.Cut(stack, " [") // goroutine 1 [running]:
		stacks[id] = stack
	}
	return stacks
}
