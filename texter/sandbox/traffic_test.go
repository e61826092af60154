package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"sync"
	"testing"

	"texter-graphql/texter/sandbox"
)

func TestRequestsAreCounted(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	if u.Requests() != 0 || u.LastQuery() != nil {
		t.Errorf("at first: %d, %v", u.Requests(), u.LastQuery())
	}
	u.find("labels[]", "b", "labels[]", "a & +", "limit", "7")
	want := url.Values{"labels[]": {"b", "a & +"}, "limit": {"7"}}
	u.LastQuery().Set("limit", "8")
	if got := u.LastQuery(); u.Requests() != 1 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %d, %v, want 1, %v", u.Requests(), got, want)
	}
	u.send("POST", "/elsewhere?x=1", "") // refused ones count too
	if got := u.LastQuery().Get("x"); u.Requests() != 2 || got != "1" {
		t.Errorf("got %d, x %q, want 2, 1", u.Requests(), got)
	}
}

func TestAnInterceptorHandlesRequests(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	reply := func(status int) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("skip") {
					next.ServeHTTP(w, r)
					return
				}
				w.WriteHeader(status)
			})
		}
	}
	u.Intercept(reply(503))
	if a := u.get(""); a.status != 503 || u.Requests() != 1 {
		t.Errorf("got %d after %d requests, want 503 after 1", a.status, u.Requests())
	}
	if a := u.get("skip=0"); a.status != 200 || a.Total != 5 {
		t.Errorf("passed on: got %d, total %d", a.status, a.Total)
	}
	u.Intercept(reply(429)) // in place of the first, not around it
	if a := u.get(""); a.status != 429 {
		t.Errorf("replaced: got %d, want 429", a.status)
	}
	u.Intercept(nil)
	if a := u.get(""); a.status != 200 || u.Requests() != 4 {
		t.Errorf("removed: got %d after %d requests, want 200 after 4", a.status, u.Requests())
	}
}

func TestASandboxIsSafeForConcurrentUse(t *testing.T) {
	const rounds = 40
	u := start(t, sandbox.Options{Chats: 300})
	chats := u.Chats()
	var g sync.WaitGroup
	each := func(f func(i int)) {
		g.Go(func() {
			for i := range rounds {
				f(i)
			}
		})
	}
	each(func(i int) { u.Message(chats[i].ID) })
	each(func(i int) { u.Edit(chats[i+100].ID, func(c *sandbox.Chat) { c.Labels = append(c.Labels, "VIP") }) })
	each(func(i int) { u.Delete(chats[i+200].ID) })
	each(func(i int) { u.Add(chatAt("new"+number(i), noon.UnixMilli())) })
	each(func(int) { u.Intercept(func(next http.Handler) http.Handler { return next }) })
	each(func(int) { u.LastQuery() })
	for range 2 {
		each(func(int) {
			if a := u.find("search", "an", "labels[]", "VIP", "showNoMessages", "1"); len(a.Data) > a.Total {
				t.Errorf("%d rows of %d", len(a.Data), a.Total)
			}
		})
	}
	each(func(int) {
		if n := len(u.Chats()); n < 300-rounds || n > 300+rounds {
			t.Errorf("%d chats", n)
		}
	})
	g.Wait()
	if n := len(u.Chats()); n != 300 || u.Requests() != 2*rounds {
		t.Errorf("got %d chats, %d requests, want 300 and %d", n, u.Requests(), 2*rounds)
	}
	if top := u.find("limit", "1").ids()[0]; top != chats[rounds-1].ID {
		t.Errorf("top is %s, want the chat of the last message", top)
	}
}

// gone is a client that hung up.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, http.ErrHandlerTimeout }

func TestAClientMayHangUp(t *testing.T) {
	s := sandbox.New(sandbox.Options{Chats: 200, Now: stopped})
	r := httptest.NewRequest("GET", searchPath+"?limit=200", nil)
	r.Header.Set("Authorization", "Bearer t")
	w := httptest.NewRecorder()
	s.ServeHTTP(gone{w}, r)
	if w.Body.Len() != 0 || w.Code != http.StatusOK {
		t.Errorf("got %d, %d bytes", w.Code, w.Body.Len())
	}
}

func BenchmarkSearch(b *testing.B) {
	s := sandbox.New(sandbox.Options{Now: stopped})
	for name, query := range map[string]string{
		"all":   "limit=30",
		"text":  "limit=30&search=dana",
		"phone": "limit=30&search=0521234567",
		"mixed": "limit=30&search=an&labels[]=VIP&labels[]=refund&statuses[]=RESOLVED",
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", searchPath+"?"+query, nil)
			r.Header.Set("Authorization", "Bearer t")
			b.ReportAllocs()
			for b.Loop() {
				s.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
