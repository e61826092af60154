package app

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestRateLimit gives each caller a share of their own, and those who are not
// let in one by their address.
func TestRateLimit(t *testing.T) {
	url, headers := startUpstream(t)
	inbox, inboxLine := makeKey(t, "inbox")
	phone, phoneLine := makeKey(t, "phone")
	limits := []string{"-texter-url", url, "-rate-limit", "0.01", "-rate-burst", "3"}
	keyed := start(t, environment{"TEXTER_API_TOKEN": "service"}, append(limits, "-access-keys", keyFile(t, inboxLine, phoneLine))...)
	passThrough := start(t, nil, limits...)
	sandbox := start(t, nil, "-rate-limit", "0.01", "-rate-burst", "3")
	for name, test := range map[string]struct {
		s       *service
		headers string
		status  int
	}{
		"an access key":      {keyed, "Authorization: Bearer " + inbox, 200},
		"another access key": {keyed, "Authorization: Bearer " + phone, 200},
		"an unknown key":     {keyed, "Authorization: Bearer x", 401},
		"a token":            {passThrough, "Authorization: Bearer x", 200},
		"another token":      {passThrough, "Authorization: Bearer y", 200},
		"no token":           {passThrough, "X-None: 1", 401},
		"the sandbox":        {sandbox, "X-None: 1", 200},
	} {
		for range 3 {
			if res, body := test.s.search(t, test.headers); res.StatusCode != test.status || res.Header.Get("Retry-After") != "" {
				t.Errorf("%s: %d, %s", name, res.StatusCode, body)
			}
		}
		before := len(*headers)
		res, body := test.s.search(t, test.headers, "Origin: https://page.example")
		wait, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		if res.StatusCode != http.StatusTooManyRequests || wait < 50 || wait > 100 || len(*headers) != before ||
			!strings.Contains(body, `"code":"RATE_LIMITED"`) || !strings.Contains(body, `"retryAfter":`+strconv.Itoa(wait)) {
			t.Errorf("%s: %d, %v, %s", name, res.StatusCode, res.Header, body)
		}
		if exposed := res.Header.Get("Access-Control-Expose-Headers"); test.s != keyed && !strings.Contains(exposed, "Retry-After") {
			t.Errorf("%s: pages can read %s", name, exposed)
		}
	}
}
