package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"texter-graphql/texter/sandbox"
)

const searchPath = "/server/api/v2/chats/search"

var noon = time.Date(2025, 11, 1, 12, 0, 0, 0, time.UTC)

func stopped() time.Time { return noon }

// upstream is a sandbox behind real HTTP.
type upstream struct {
	*sandbox.Server
	t   testing.TB
	url string
}

func start(t testing.TB, o sandbox.Options) upstream {
	t.Helper()
	if o.Now == nil {
		o.Now = stopped
	}
	s := sandbox.New(o)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return upstream{s, t, h.URL}
}

// answer is a response, decoded without the types of the sandbox.
type answer struct {
	status int
	header http.Header
	body   string
	Data   []map[string]any
	Total  int
	Error  string
}

func (a answer) ids() []string {
	ids := make([]string, len(a.Data))
	for i, row := range a.Data {
		ids[i], _ = row["_id"].(string)
	}
	return ids
}

// send sends one request. It reports failures by Error, not by Fatal, so that any
// goroutine may call it.
func (u upstream) send(method, target, authorization string) (a answer) {
	u.t.Helper()
	req, err := http.NewRequest(method, u.url+target, nil)
	if err != nil {
		u.t.Error(err)
		return a
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		u.t.Error(err)
		return a
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		u.t.Error(err)
	}
	a.status, a.header, a.body = res.StatusCode, res.Header, string(body)
	if len(body) > 0 && res.Header.Get("Content-Type") == "application/json; charset=utf-8" {
		if err := json.Unmarshal(body, &a); err != nil {
			u.t.Errorf("%s %s: %v", method, target, err)
		}
	}
	return a
}

// get searches with a raw query and an accepted token.
func (u upstream) get(query string) answer {
	u.t.Helper()
	return u.send("GET", searchPath+"?"+query, "Bearer t")
}

// find searches with pairs of names and values. The status must be 200.
func (u upstream) find(pairs ...string) answer {
	u.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	a := u.get(v.Encode())
	if a.status != http.StatusOK {
		u.t.Errorf("%v: status %d: %s", v, a.status, a.Error)
	}
	return a
}

// ids are the ids of the chats that keep returns true for, in order.
func ids(chats []sandbox.Chat, keep func(sandbox.Chat) bool) []string {
	list := []string{}
	for _, c := range chats {
		if keep(c) {
			list = append(list, c.ID)
		}
	}
	return list
}

func hasMessages(c sandbox.Chat) bool { return c.LastMessageTimestamp != nil }

// chatAt is a chat whose last message is so many milliseconds after the epoch.
func chatAt(id string, at int64) sandbox.Chat {
	return sandbox.Chat{ID: id, Title: "chat " + id, LastMessageTimestamp: new(at)}
}

func number(n int) string { return strconv.Itoa(n) }
