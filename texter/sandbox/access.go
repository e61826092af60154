package sandbox

import (
	"net/http"
	"strings"
)

// Access is what a token is allowed to do.
type Access int

const (
	// NoScope is the access of a token that Texter knows, but that may not search:
	// 403.
	NoScope Access = iota
	// ListAllChats is the scope "List all chats", which the search needs
	// (Texter REST reference).
	ListAllChats
)

// admit reports whether the request may search. If not, it sends the response.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	access, known := s.access(bearer(r.Header))
	switch {
	case s.differ.AnyToken:
		return true
	case !known:
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "a valid bearer token is needed")
		return false
	case access != ListAllChats || s.differ.MissingScope:
		refuse(w, http.StatusForbidden, `the token lacks the scope "List all chats"`)
		return false
	}
	return true
}

// access is what a token may do, and whether it is known at all.
func (s *Server) access(token string) (a Access, known bool) {
	if token == "" {
		return NoScope, false
	}
	if s.tokens == nil {
		return ListAllChats, true
	}
	a, known = s.tokens[token]
	return a, known
}

// bearer is the token of "Authorization: Bearer TOKEN", or "" if the header
// is missing, repeated or written in any other way.
func bearer(h http.Header) string {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return ""
	}
	token, ok := strings.CutPrefix(values[0], "Bearer ")
	if !ok || strings.ContainsAny(token, " \t,") {
		return ""
	}
	return token
}
