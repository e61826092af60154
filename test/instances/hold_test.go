package instances

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"
)

var (
	errorCode  = regexp.MustCompile(`"code":"(\w+)"`)
	retryAfter = regexp.MustCompile(`"retryAfter":(\d+)`)
)

// found returns the first group of a pattern in a text, or "".
func found(pattern *regexp.Regexp, text string) string {
	if match := pattern.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}

// TestTexterAsksToWait: once Texter has asked one request of a token to wait, no
// request of this token reaches Texter. Each gets the rest of the time. Other tokens,
// and pages that are cached, are as before.
func TestTexterAsksToWait(t *testing.T) {
	date := func() string { return time.Now().Add(100 * time.Second).UTC().Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		status     int
		retryAfter string
		code       string
		most       int // of retryAfter
	}{
		"429 with seconds": {429, "100", "RATE_LIMITED", 100},
		"429 with a date":  {429, date(), "RATE_LIMITED", 100},
		"429 with a year":  {429, "31536000", "RATE_LIMITED", 600},
		"503 with seconds": {503, "20", "UPSTREAM_UNAVAILABLE", 20},
	} {
		t.Run(name, func(t *testing.T) {
			x := newTexter(t)
			p := start(t, nil, "-texter-url", x.url, "-cache-ttl", "1h")
			if _, _, body := p.search(t, "a", countChats); found(errorCode, body) != "" {
				t.Fatal(body)
			}
			x.refuseWith("a", test.status, test.retryAfter)
			_, _, body := p.search(t, "a", find("other"))
			if found(errorCode, body) != test.code {
				t.Fatal(body)
			}
			calls := x.calls.Load()
			for n := range 20 {
				_, _, body := p.search(t, "a", find(fmt.Sprintf("name %d", n)))
				left, _ := strconv.Atoi(found(retryAfter, body))
				if found(errorCode, body) != test.code || left < 1 || left > test.most {
					t.Errorf("%d s are left in %s", left, body)
				}
			}
			if _, _, body := p.search(t, "a", countChats); found(errorCode, body) != "" {
				t.Errorf("a cached page: %s", body)
			}
			if got := x.calls.Load(); got != calls {
				t.Errorf("%d more calls", got-calls)
			}
			if _, _, body := p.search(t, "b", find("other")); found(errorCode, body) != "" || x.calls.Load() != calls+1 {
				t.Errorf("another token: %s", body)
			}
			if held := p.metric(t, `upstream_attempts_total{outcome="held",status="none"}`); held != "20" {
				t.Errorf("%s attempts were held back", held)
			}
		})
	}
}

// TestWaitIsOver: after the wait that Texter asked for, its answers are back.
func TestWaitIsOver(t *testing.T) {
	x := newTexter(t)
	p := start(t, nil, "-texter-url", x.url, "-texter-timeout", "900ms") // less than the wait: nobody waits and tries again
	x.refuseWith("a", 429, "1")
	if _, _, body := p.search(t, "a", countChats); found(errorCode, body) != "RATE_LIMITED" {
		t.Fatal(body)
	}
	x.refuse.Store(nil)
	held := 0
	for {
		_, _, body := p.search(t, "a", countChats)
		if found(errorCode, body) == "" {
			break
		}
		held++
	}
	if calls := x.calls.Load(); held == 0 || calls != 2 {
		t.Errorf("%d requests were held back, %d were sent", held, calls)
	}
}
