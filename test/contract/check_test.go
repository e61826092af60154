package contract

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"
)

// checkUpstream runs the command, and returns its table and exit code.
func checkUpstream(t *testing.T, url string) (table string, exitCode int) {
	t.Helper()
	table, exitCode, err := harness.Command{
		Path: harness.Binary(t), Args: []string{"check", "upstream"}, Env: []string{"TEXTER_URL=" + url, "TEXTER_API_TOKEN=canary-token"},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table, exitCode
}

// TestCheckUpstream: each difference has its verdict, and a plain API has none that
// breaks.
func TestCheckUpstream(t *testing.T) {
	type differences = sandbox.Differences
	for name, test := range map[string]struct {
		options sandbox.Options
		verdict string // of the row
		row     string
		breaks  bool
	}{
		"plain":                     {sandbox.Options{}, "ok", "order", false},
		"messageless first":         {sandbox.Options{MessagelessFirst: true}, "ok", "chats without messages", false},
		"a limit of 1,000":          {sandbox.Options{Differ: differences{LimitCap: 1000}}, "note", "limit", false},
		"a limit of 1,000, refused": {sandbox.Options{Differ: differences{LimitCap: 1000, Refuses: true}}, "note", "limit", false},
		"a limit of 5":              {sandbox.Options{Differ: differences{LimitCap: 5}}, "breaks", "limit", true},
		"a skip of 1,000, empty":    {sandbox.Options{Differ: differences{SkipCap: 1000}}, "breaks", "skip", true},
		"a skip of 1,000, refused":  {sandbox.Options{Differ: differences{SkipCap: 1000, Refuses: true}}, "breaks", "skip", true},
		"a skip of 1,000, clamped":  {sandbox.Options{Differ: differences{SkipCap: 1000, Clamps: true}}, "breaks", "skip", true},
		"total too high":            {sandbox.Options{Differ: differences{TotalOff: 5}}, "breaks", "total", true},
		"total too low":             {sandbox.Options{Differ: differences{TotalOff: -5}}, "breaks", "total", true},
		"oldest first":              {sandbox.Options{Differ: differences{OldestFirst: true}}, "breaks", "order", true},
		"unstable equal times":      {sandbox.Options{Differ: differences{UnstableTies: true}}, "breaks", "equal times", true},
		"no filter by status":       {sandbox.Options{Differ: differences{IgnoresFilter: true}}, "breaks", "filter by status", true},
		"no filter by label":        {sandbox.Options{Differ: differences{IgnoresFilter: true}}, "breaks", "filter by label", true},
		"no filter by channel":      {sandbox.Options{Differ: differences{IgnoresFilter: true}}, "breaks", "filter by channel", true},
		"a chat twice":              {sandbox.Options{Differ: differences{Repeats: true}}, "breaks", "ids", true},
		"a text for a status":       {sandbox.Options{Differ: differences{Field: "status", Value: `"PENDING"`}}, "breaks", "fields", true},
		"seconds for milliseconds":  {sandbox.Options{Differ: differences{Field: "last_message_timestamp", Value: `1762012091`}}, "breaks", "fields", true},
		"no field":                  {sandbox.Options{Differ: differences{Field: "unreadCount"}}, "note", "fields never seen", false},
		"a token without the scope": {sandbox.Options{Differ: differences{MissingScope: true}}, "breaks", "token", true},
		"an unknown token":          {sandbox.Options{Tokens: map[string]sandbox.Access{}}, "breaks", "token", true},
		"any token":                 {sandbox.Options{Differ: differences{AnyToken: true}}, "breaks", "wrong token", true},
		"no labels":                 {sandbox.Options{Differ: differences{NoLabels: true}}, "breaks", "labels", true},
		"errors as web pages":       {sandbox.Options{Differ: differences{HTMLErrors: true}}, "note", "body of errors", false},
	} {
		t.Run(name, func(t *testing.T) {
			if test.options.Tokens == nil && !test.options.Differ.AnyToken {
				test.options.Tokens = map[string]sandbox.Access{"canary-token": sandbox.ListAllChats}
			}
			test.options.Chats = 2500
			server, url := newTexter(t, test.options)
			table, code := checkUpstream(t, url)
			found := false
			for line := range strings.Lines(table) {
				fields := strings.Fields(line)
				verdict := fields[0]
				found = found || verdict == test.verdict && strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(line, verdict)), test.row+"  ")
			}
			if !found || (code != 0) != test.breaks || strings.Contains(table, "\nbreaks") && !test.breaks {
				t.Errorf("exit code %d:\n%s", code, table)
			}
			assertAnonymous(t, table, server)
			if name == "plain" {
				t.Log("\n" + table)
			}
			if calls := server.Requests(); calls > 25 {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

// assertAnonymous fails if a table has anything of a chat, or the token.
func assertAnonymous(t *testing.T, table string, server *sandbox.Server) {
	t.Helper()
	if strings.Contains(table, "canary") {
		t.Error("the table has the token")
	}
	for _, chat := range server.Chats() {
		for _, secret := range []string{chat.ID, chat.ClientPhone, chat.ClientPhoneE164, chat.ChannelInfo.AccountID} {
			if len(secret) > 6 && strings.Contains(table, secret) {
				t.Fatalf("the table has %s", secret)
			}
		}
	}
}

// TestCheckUpstreamObeys429, and tells of it.
func TestCheckUpstreamObeys429(t *testing.T) {
	for retryAfter, want := range map[string]string{"0": "with Retry-After", "": "without Retry-After"} {
		t.Run(want, func(t *testing.T) {
			server, url := newTexter(t, sandbox.Options{Chats: 200, Tokens: map[string]sandbox.Access{"canary-token": sandbox.ListAllChats}})
			var calls atomic.Int32
			server.Intercept(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if calls.Add(1) != 5 {
						next.ServeHTTP(w, r)
						return
					}
					if retryAfter != "" {
						w.Header().Set("Retry-After", retryAfter)
					}
					w.WriteHeader(http.StatusTooManyRequests)
				})
			})
			table, code := checkUpstream(t, url)
			if code != 0 || !strings.Contains(table, want) {
				t.Errorf("exit code %d:\n%s", code, table)
			}
		})
	}
}

// TestCheckUpstreamNeedsATexter: without settings, or with a wrong address, it ends
// with a sentence.
func TestCheckUpstreamNeedsATexter(t *testing.T) {
	for name, env := range map[string][]string{
		"no project":  nil,
		"no token":    {"TEXTER_URL=http://127.0.0.1:1"},
		"no response": {"TEXTER_URL=http://127.0.0.1:1", "TEXTER_API_TOKEN=canary"},
	} {
		output, code, err := harness.Command{Path: harness.Binary(t), Args: []string{"check", "upstream"}, Env: env}.Run(t.Context())
		if err != nil || code != 1 || !strings.Contains(output, "check upstream") || strings.Contains(output, "canary") {
			t.Errorf("%s: exit code %d, %v: %s", name, code, err, output)
		}
	}
}
