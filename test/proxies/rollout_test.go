package proxies

import (
	"bufio"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"texter-graphql/test/harness"
)

// TestRollout replaces one instance after the other, as for a new version, while
// callers send requests. Each request has its response.
func TestRollout(t *testing.T) {
	for proxy := range proxies {
		t.Run(proxy, func(t *testing.T) {
			s := start(t, proxy)
			var done atomic.Bool
			var sent, lost atomic.Int64
			var callers sync.WaitGroup
			for range 4 {
				callers.Go(func() {
					client := &http.Client{Transport: &http.Transport{}} // with a connection of its own
					defer client.CloseIdleConnections()
					for !done.Load() {
						sent.Add(1)
						status, body := s.search(t, client)
						if (status != 200 || !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`)) && lost.Add(1) == 1 {
							t.Errorf("a request is lost: %d %s", status, body)
						}
					}
				})
			}
			for n := range s.instances {
				if err := s.instances[n].Signal(syscall.SIGTERM); err != nil {
					t.Fatal(err)
				}
				if err := s.instances[n].Wait(); err != nil {
					t.Error(err)
				}
				s.instances[n] = s.instance(t, n)
				awaitRequests(t, s.instances[n])
			}
			done.Store(true)
			callers.Wait()
			t.Logf("%d requests, of which %d are lost", sent.Load(), lost.Load())
		})
	}
}

// awaitRequests returns when an instance has answered a search.
func awaitRequests(t *testing.T, p *harness.Process) {
	t.Helper()
	for {
		metrics, err := p.Metrics(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(metrics, `texter_graphql_requests_total{code="OK",operation="searchChats"} 0`) {
			return
		}
	}
}

const feed = `subscription { chatsChanged { changes { ... on ChatEntered { edge { node { id } } } } } }`

// TestEvents: each server-sent event arrives when it is sent, and not with a later one.
func TestEvents(t *testing.T) {
	for proxy := range proxies {
		t.Run(proxy, func(t *testing.T) {
			s := start(t, proxy)
			patient := &http.Client{Timeout: 30 * time.Second} // or a proxy that keeps events would never be noticed
			res := s.post(t, patient, `{"query":"`+feed+`"}`, "text/event-stream")
			if res == nil || res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
				t.Fatalf("the response is %v", res)
			}
			defer res.Body.Close()
			lines := bufio.NewScanner(res.Body)
			await := func(text string) {
				for !strings.Contains(lines.Text(), text) {
					if !lines.Scan() {
						t.Fatalf("the stream ends before %s: %v", text, lines.Err())
					}
				}
			}
			await("event: next") // it follows the list from now on
			for _, id := range []string{"second", "third"} {
				s.change(id)
				await(`{"id":"` + id + `"}`)
			}
		})
	}
}

// TestWebSocket: a subscription works through the proxy, and so does one from a page
// of its host.
func TestWebSocket(t *testing.T) {
	for proxy := range proxies {
		t.Run(proxy, func(t *testing.T) {
			s := start(t, proxy)
			for name, origin := range map[string]string{"a program": "", "a page of the same host": "Origin: http://" + s.addr} {
				t.Run(name, func(t *testing.T) {
					s.change("first")
					handshake := strings.Replace(harness.Handshake, "service.example", s.addr, 1)
					headers := []string{"Authorization: " + authorization}
					if origin != "" {
						headers = append(headers, origin)
					}
					w := harness.OpenWebSocket(t, s.addr, handshake, headers...)
					if w.Response.StatusCode != http.StatusSwitchingProtocols {
						t.Fatalf("the handshake gets %s", w.Response.Status)
					}
					w.Send(t, `{"type":"connection_init"}`)
					if got := w.Receive(t); got != `{"type":"connection_ack"}` {
						t.Fatalf("got %s", got)
					}
					w.Send(t, `{"id":"1","type":"subscribe","payload":{"query":"`+feed+`"}}`)
					for _, want := range []string{`"next"`, `{"id":"second"}`} {
						for got := ""; !strings.Contains(got, want); {
							if got = w.Receive(t); !strings.Contains(got, `"next"`) {
								t.Fatalf("got %s", got)
							}
						}
						s.change("second")
					}
				})
			}
		})
	}
}
