package app

import (
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestSandbox(t *testing.T) {
	s := start(t, nil)
	t.Run("the first line has the addresses", func(t *testing.T) {
		if !strings.Contains(s.banner, `"sandbox":"the chats are made up`) || !strings.Contains(s.banner, `"graphiql":"`+s.url+`/","graphql":"`+s.url+`/graphql"}`+"\n") {
			t.Errorf("it is %s", s.banner)
		}
	})
	t.Run("GraphiQL is served", func(t *testing.T) {
		if res, _ := s.send(t, http.MethodGet, "/", ""); res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("/ is %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
		}
	})
	t.Run("made-up chats are found", func(t *testing.T) {
		if res, body := s.search(t); res.StatusCode != 200 || !regexp.MustCompile(`^{"data":{"searchChats":{"totalCount":\d{4}}}`).MatchString(body) {
			t.Errorf("/graphql is %d: %s", res.StatusCode, body)
		}
	})
	s.end(t)
}

func TestARequestInFlightIsAnsweredBeforeTheEnd(t *testing.T) {
	arrived, release := make(chan bool), make(chan bool)
	texterURL := serveTexter(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- true
		<-release
		_, _ = io.WriteString(w, oneChat)
	})
	notListening := make(chan bool)
	s := startChanged(t, func(p *program) {
		p.api.http.RegisterOnShutdown(func() { close(notListening) }) // is called once the listener is closed
	}, nil, "-texter-url", texterURL)
	answer := make(chan string, 1)
	go func() {
		_, body := s.search(t, "Authorization: Bearer caller")
		answer <- body
	}()
	<-arrived
	s.stop()
	<-notListening
	if connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err == nil {
		_ = connection.Close()
		t.Error("it still accepts connections")
	}
	select {
	case <-s.ended:
		t.Error("it ended before the answer")
	default:
	}
	close(release)
	if body := <-answer; !strings.HasPrefix(body, oneChatCounted) {
		t.Errorf("got %s", body)
	}
	s.end(t)
}

// startDraining starts a service that says on draining that its drain delay has
// begun, and waits for the test to end it by closing release.
func startDraining(t *testing.T, args ...string) (s *instance, draining, release chan bool) {
	t.Helper()
	draining, release = make(chan bool), make(chan bool)
	return startChanged(t, func(p *program) {
		p.awaitDrain = func() {
			close(draining)
			select {
			case <-release:
			case <-t.Context().Done(): // the test has failed
			}
		}
	}, nil, args...), draining, release
}

func TestDrain(t *testing.T) {
	url, _ := startTexter(t)
	s, draining, release := startDraining(t, "-texter-url", url, "-metrics-addr", "127.0.0.1:0")
	if res, body := s.send(t, http.MethodGet, "/readyz", ""); res.StatusCode != 200 || !strings.Contains(body, `"ready"`) {
		t.Errorf("before, /readyz is %d: %s", res.StatusCode, body)
	}
	s.stop()
	<-draining
	t.Run("readiness fails", func(t *testing.T) {
		if res, body := s.send(t, http.MethodGet, "/readyz", ""); res.StatusCode != 503 || !strings.Contains(body, `"draining"`) {
			t.Errorf("/readyz is %d: %s", res.StatusCode, body)
		}
	})
	t.Run("liveness does not fail", func(t *testing.T) {
		if res, _ := s.send(t, http.MethodGet, "/healthz", ""); res.StatusCode != 200 {
			t.Errorf("/healthz is %d", res.StatusCode)
		}
	})
	t.Run("requests are answered, each as the last of its connection", func(t *testing.T) {
		if res, body := s.search(t, "Authorization: Bearer caller"); res.StatusCode != 200 || !res.Close {
			t.Errorf("/graphql is %d, closed %t: %s", res.StatusCode, res.Close, body)
		}
	})
	t.Run("metrics are served", func(t *testing.T) {
		metrics := &instance{url: "http://" + s.program.metrics.listener.Addr().String()}
		if res, body := metrics.send(t, http.MethodGet, "/metrics", ""); res.StatusCode != 200 || !strings.Contains(body, "texter_graphql_requests_in_flight") {
			t.Errorf("/metrics is %d: %s", res.StatusCode, body)
		}
	})
	close(release)
	s.end(t)
	t.Run("nothing is served afterwards", func(t *testing.T) {
		for _, server := range s.servers() {
			if connection, err := net.Dial("tcp", server.listener.Addr().String()); err == nil {
				_ = connection.Close()
				t.Errorf("%s still listens", server.name)
			}
		}
	})
}

func TestAServerThatStopsServingEndsTheProgram(t *testing.T) {
	for name, failing := range map[string]func(*program) *server{
		"the GraphQL server": func(p *program) *server { return p.api },
		"the metrics server": func(p *program) *server { return p.metrics },
		"the sandbox":        func(p *program) *server { return p.sandbox },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, nil, "-metrics-addr", "127.0.0.1:0")
			_ = failing(s.program).listener.Close()
			<-s.ended
			if !errors.Is(s.err, net.ErrClosed) || !strings.HasPrefix(s.err.Error(), name+" stopped serving: ") {
				t.Errorf("it ended with %v", s.err)
			}
		})
	}
}
