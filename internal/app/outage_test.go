package app

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// TestOutageOfTexter: while Texter is dead, errors come without asking it; once
// it is back, so are the answers.
func TestOutageOfTexter(t *testing.T) {
	var dead atomic.Bool
	var requests atomic.Int64
	s := start(t, nil, "-texter-url", serveTexter(t, func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		if dead.Load() {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, oneChat)
	}))
	search := func() string {
		_, body := s.search(t, "Authorization: Bearer caller")
		return body
	}
	fails := func() (body string) {
		if body = search(); !strings.Contains(body, `"code":"UPSTREAM_UNAVAILABLE"`) {
			t.Fatalf("got %s", body)
		}
		return body
	}
	if body := search(); !strings.HasPrefix(body, oneChatCounted) {
		t.Fatalf("before: %s", body)
	}
	dead.Store(true)
	for !strings.Contains(fails(), `"retryAfter":1`) { // which the circuit breaker adds once it is open
	}
	const searches = 100
	before := requests.Load()
	for range searches {
		fails()
	}
	if asked := requests.Load() - before; asked >= searches {
		t.Errorf("Texter was asked %d times for %d searches", asked, searches)
	}
	dead.Store(false)
	for !strings.HasPrefix(search(), oneChatCounted) { // until the breaker lets a request through
	}
}

// TestRequestTimeout has a page need two calls. Texter does not answer the second
// one, and only the timeout of the request is short.
func TestRequestTimeout(t *testing.T) {
	var requests atomic.Int64
	texterURL := serveTexter(t, func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			_, _ = io.WriteString(w, `{"data":[{"_id":"1"}],"total":1000}`)
			return
		}
		<-r.Context().Done()
	})
	s := start(t, nil, "-texter-url", texterURL, "-request-timeout", "300ms", "-texter-timeout", "1h", "-texter-attempt-timeout", "1h")
	_, body := s.query(t, "{ searchChats(last: 5) { totalCount nodes { id } } }", "Authorization: Bearer caller")
	if !strings.Contains(body, `"code":"UPSTREAM_TIMEOUT"`) || requests.Load() != 2 {
		t.Errorf("%d requests, then %s", requests.Load(), body)
	}
}

// TestOutagesOfOthers kills Redis and the collector of traces during a load, or
// has the collector hang, and breaks off scrapes of the metrics.
func TestOutagesOfOthers(t *testing.T) {
	dies, texter := newCollector(t), newCrowd(t)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	for name, url := range map[string]string{"dies": dies.URL, "is silent": silent.URL} {
		t.Run("no request is lost if Redis dies and the collector "+name, func(t *testing.T) {
			const requests = 300
			redis := startRedis(t)
			s := start(t, redis.environment(), "-texter-url", texter.URL, "-cache-ttl", "1m", "-metrics-addr", "127.0.0.1:0",
				"-otel-exporter-otlp-endpoint", url, "-otel-traces-sampler-arg", "1")
			s.load(t, requests, func(i int, res *http.Response, body string) {
				if code := mixedCodes[i%10]; (code == "") != !strings.Contains(body, `"errors"`) || !strings.Contains(body, code) {
					t.Errorf("request %d: %d, %s", i, res.StatusCode, body)
				}
				switch {
				case i == 100:
					dies.CloseClientConnections()
					dies.Close()
				case i == 150:
					redis.kill()
				case i%20 == 0:
					s.breakOffScrape(t)
				}
			})
			s.end(t)
			if got := sum(s.metrics(t), `texter_graphql_requests_total{.*}`); got != requests {
				t.Errorf("%d requests are counted", got)
			}
		})
	}
}

// breakOffScrape asks for the metrics and closes the connection at once.
func (s *instance) breakOffScrape(t *testing.T) {
	connection, err := net.Dial("tcp", s.program.metrics.listener.Addr().String())
	if err == nil {
		_, err = io.WriteString(connection, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
		_ = connection.Close()
	}
	if err != nil {
		t.Error(err)
	}
}
