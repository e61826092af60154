package hostile

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

// attack is a request, and the response that it must get.
type attack struct {
	name string
	// send are the bytes on the wire.
	send string
	// cut says that the caller closes its side of the connection after that.
	cut bool
	// status is the HTTP status of the response.
	status int
	// code is the extensions.code of the response's errors, none or plain.
	code string
	// asked are the parameters of the one search that Texter gets. Nil stands for
	// no search.
	asked url.Values
	// closes says that the service closes the connection after the response, so
	// that it takes nothing of the attack for another request.
	closes bool
	// header is a header of the response, as "Name: value". "Name: " stands for one
	// that must not be there.
	header string
}

const (
	// none is the code of a response without errors.
	none = ""
	// plain is the code of a response that is not GraphQL's. The HTTP server sends
	// it, to what is not an HTTP request.
	plain = "-"
	// anyCode and anyStatus stand for every response.
	anyCode   = "*"
	anyStatus = 0
)

const (
	// maxWork is how long the service may work on a request, in CPU time.
	maxWork = 100 * time.Millisecond
	// maxWait is how long a response may take on the clock. It is less than the time
	// limits of the service: no attack may make it wait for one of these.
	maxWait = 10 * time.Second
	// attempts is how often an attack is sent until its response is in time, since
	// the machine may be busy with other things.
	attempts = 5
)

// response is an HTTP response, read to its end.
type response struct {
	*http.Response
	body   string
	took   time.Duration // on the clock
	worked time.Duration // CPU time of the service, 0 where the system does not count it
}

func (a *response) inTime() bool { return a.took < maxWait && a.worked < maxWork }

// run sends each attack to the service, each on a new connection.
func run(t *testing.T, p *program, x *texter, attacks []attack) {
	t.Helper()
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			x.asked()
			var got *response
			for range attempts {
				got = p.exchange(t, a)
				a.assert(t, got)
				x.assertAsked(t, a.asked)
				if t.Failed() || got.inTime() {
					break
				}
			}
			if !got.inTime() {
				t.Errorf("the service worked for %v, the response took %v", got.worked, got.took)
			}
		})
	}
}

// exchange sends the attack and reads the response.
func (p *program) exchange(t *testing.T, a attack) *response {
	t.Helper()
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began, before := time.Now(), p.cpuTime()
	go func() {
		_, _ = io.WriteString(c, a.send) // fails if the service refuses the request before its end
		if a.cut {
			_ = c.(*net.TCPConn).CloseWrite()
		}
	}()
	r := bufio.NewReader(c)
	method, _, _ := strings.Cut(a.send, " ")
	res, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		t.Fatalf("no response: %v", err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("the response breaks off: %v", err)
	}
	got := &response{Response: res, body: string(body), took: time.Since(began), worked: p.cpuTime() - before}
	if a.closes {
		if rest, err := io.ReadAll(r); err != nil && !errors.Is(err, syscall.ECONNRESET) || len(rest) > 0 {
			t.Errorf("after the response came %q, %v", rest, err)
		}
	}
	return got
}

func (a attack) assert(t *testing.T, got *response) {
	t.Helper()
	if a.status != anyStatus && got.StatusCode != a.status {
		t.Errorf("status %d, want %d: %.300s", got.StatusCode, a.status, got.body)
	}
	if code := got.code(t); a.code != anyCode && code != a.code {
		t.Errorf("code %q, want %q: %.300s", code, a.code, got.body)
	}
	if text := fmt.Sprint(got.Header, got.body); strings.Contains(strings.ToLower(text), "canary") {
		t.Errorf("the response repeats what was sent: %.300s", text)
	}
	if name, want, _ := strings.Cut(a.header, ": "); got.Header.Get(name) != want {
		t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
	}
}

// code returns the code that all errors of a response have.
func (a *response) code(t *testing.T) string {
	t.Helper()
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/") || a.body == "" {
		return plain
	}
	var r struct {
		Errors []struct {
			Extensions struct{ Code, RequestID string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &r); err != nil {
		t.Errorf("the response is not JSON: %v: %.300s", err, a.body)
	}
	code := none
	for _, e := range r.Errors {
		if e.Extensions.Code == "" || e.Extensions.RequestID == "" || code != none && code != e.Extensions.Code {
			t.Errorf("an error lacks its code or id: %.300s", a.body)
		}
		code = e.Extensions.Code
	}
	return code
}
