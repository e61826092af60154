// Package sandbox is an HTTP server that behaves like Texter's REST API, with
// made-up chats. It needs no account and no network, so that demos and tests can
// use it.
//
// It follows the public Texter REST reference and nothing else. It shares no code
// with any client. It is strict, so that mistakes of a client are seen: it answers
// 400 to a parameter that the reference does not describe, to a scalar that is
// given twice, and to an empty value.
package sandbox

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// BasePath is the path that all routes begin with, as in
// https://{projectID}.texterchat.com/server/api/v2 (Texter REST reference).
const BasePath = "/server/api/v2"

const searchPath = BasePath + "/chats/search"

const defaultChats = 5000

// Options configure a sandbox. The zero value is a sandbox of 5,000 chats that
// accepts any token.
type Options struct {
	// Seed chooses the made-up chats: an equal Seed, Chats and Now, when the
	// sandbox is made, give equal chats.
	Seed uint64

	// Chats is how many chats are made up: 5,000 if it is 0, none if it is negative.
	Chats int

	// Now is the clock; nil is time.Now. When the sandbox is made, the newest
	// message is a few seconds old.
	Now func() time.Time

	// Tokens are the accepted bearer tokens, with what each may do. Nil accepts
	// any token but the empty one, with ListAllChats. An empty map accepts none.
	Tokens map[string]Access

	// ExtraLabels is how many labels are made up besides those that chats have.
	ExtraLabels int

	// MessagelessFirst puts chats without messages before all others. The Texter
	// REST reference does not say where they are. The default is last.
	MessagelessFirst bool

	// Differ says how the sandbox differs from the reference.
	Differ Differences
}

// Server is a sandbox: an http.Handler, and its chats. It is safe for concurrent
// use.
type Server struct {
	tokens      map[string]Access
	now         func() time.Time
	chats       *store
	differ      Differences
	requests    atomic.Int64
	lastQuery   atomic.Pointer[string]
	intercepted atomic.Pointer[http.Handler] // nil for none: see Intercept

	labelsMu sync.Mutex
	labels   []Label
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
		differ: o.Differ,
		labels: madeUpLabels(o.ExtraLabels),
	}
	s.chats.fill(makeUp(o.Seed, o.Chats, o.Now()))
	return s
}

// ServeHTTP implements http.Handler. The routes are GET BasePath/chats/search,
// BasePath/labels and BasePath/labels/{labelId}, as the Texter REST reference
// describes them.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	raw := r.URL.RawQuery
	s.lastQuery.Store(&raw)
	if h := s.intercepted.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	s.route(w, r)
}

// Requests counts the requests that have arrived, also those that were refused.
func (s *Server) Requests() int {
	return int(s.requests.Load())
}

// LastQuery is a copy of the query of the request that arrived last, nil before
// the first.
func (s *Server) LastQuery() url.Values {
	raw := s.lastQuery.Load()
	if raw == nil {
		return nil
	}
	// What can't be parsed is left out: the request got 400 for it.
	v, _ := url.ParseQuery(*raw)
	return v
}

// Intercept makes f handle every request from now on, in place of the f before it,
// so that a test can add latency and failures. Nil ends that. Requests are counted
// before f gets them.
func (s *Server) Intercept(f func(next http.Handler) http.Handler) {
	if f == nil {
		s.intercepted.Store(nil)
		return
	}
	h := f(http.HandlerFunc(s.route))
	s.intercepted.Store(&h)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if s.differ.HTMLErrors {
		w = &pageWriter{ResponseWriter: w}
	}
	isLabels := r.URL.Path == labelsPath || strings.HasPrefix(r.URL.Path, labelsPath+"/")
	if r.URL.Path != searchPath && !isLabels || isLabels && s.differ.NoLabels {
		refuse(w, http.StatusNotFound, "no such route")
		return
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, http.StatusMethodNotAllowed, "only GET is allowed")
		return
	}
	switch {
	case isLabels:
		s.answerLabels(w, r)
	case s.admit(w, r):
		s.search(w, r)
	}
}
