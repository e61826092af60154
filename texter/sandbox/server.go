// Package sandbox is an HTTP server that answers like Texter's REST API, over
// made-up chats. It needs no account and no network, so a demo can run on it
// and tests can talk to it.
//
// It follows the public Texter REST reference and nothing else. On purpose it
// shares no code with any client, and on purpose it is strict: a parameter the
// reference does not describe, a scalar given twice or an empty value is
// answered with 400, so that a client's mistake shows instead of being
// forgiven.
package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// BasePath is the path below which every route lives, as in
// https://{projectID}.texterchat.com/server/api/v2 (Texter REST reference).
const BasePath = "/server/api/v2"

const searchPath = BasePath + "/chats/search"

const defaultChats = 5000

// Options says what a sandbox holds and whom it lets in. The zero value is a
// sandbox of 5,000 chats that accepts any token.
type Options struct {
	// Seed picks the made-up chats: the same Seed, Chats and Now at creation
	// give the same chats.
	Seed uint64

	// Chats is how many chats to make up; 0 means 5,000, negative none.
	Chats int

	// Now is the clock; nil means time.Now. At creation the newest chat's
	// last message is a few seconds before it.
	Now func() time.Time

	// Tokens holds the accepted bearer tokens and what each may do. Nil
	// accepts any non-empty token, with ListAllChats; an empty map accepts
	// none.
	Tokens map[string]Access

	// MessagelessFirst sorts chats without messages before all others. The
	// Texter REST reference does not say where they belong; the default is
	// last.
	MessagelessFirst bool
}

// Server is a sandbox: an http.Handler and the chats behind it. Every method
// may be called from several goroutines at once.
type Server struct {
	tokens  map[string]Access
	now     func() time.Time
	chats   *store
	count   atomic.Int64
	last    atomic.Pointer[string]
	wrapped atomic.Pointer[http.Handler]
}

// New makes a sandbox with made-up chats.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Chats == 0 {
		o.Chats = defaultChats
	}
	s := &Server{
		tokens: maps.Clone(o.Tokens),
		now:    o.Now,
		chats:  newStore(o.MessagelessFirst),
	}
	s.chats.fill(makeUp(o.Seed, o.Chats, o.Now()))
	return s
}

// ServeHTTP answers one request. The only route is GET
// BasePath/chats/search, as described in the Texter REST reference.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.count.Add(1)
	raw := r.URL.RawQuery
	s.last.Store(&raw)
	if h := s.wrapped.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	s.route(w, r)
}

// Requests is how many requests have arrived, whatever became of them.
func (s *Server) Requests() int {
	return int(s.count.Load())
}

// LastQuery is the query of the request that arrived last, or nil before the
// first. Changing it changes nothing in the sandbox.
func (s *Server) LastQuery() url.Values {
	raw := s.last.Load()
	if raw == nil {
		return nil
	}
	// Parts that do not parse are left out here; the request itself got 400.
	v, _ := url.ParseQuery(*raw)
	return v
}

// Intercept puts f around the handling of every request from now on, in
// place of any earlier f, so that a test can add latency and failures. Nil
// takes it away. Requests are counted before f sees them.
func (s *Server) Intercept(f func(next http.Handler) http.Handler) {
	if f == nil {
		s.wrapped.Store(nil)
		return
	}
	h := f(http.HandlerFunc(s.route))
	s.wrapped.Store(&h)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != searchPath {
		refuse(w, http.StatusNotFound, "no such route")
		return
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, http.StatusMethodNotAllowed, "only GET is allowed")
		return
	}
	if s.admit(w, r) {
		s.search(w, r)
	}
}
