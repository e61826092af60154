package auth

import (
	"net"
	"net/http"

	"texter-graphql/internal/refusal"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
)

// LocalOnly serves requests to localhost and to loopback addresses. It answers
// others with 421 (RFC 9110, section 7.4).
//
// It protects a service that every program on this machine may call from web
// pages that a browser on this machine shows. A site can let its name point to
// 127.0.0.1 once its page is loaded: the browser then takes the service for a part
// of the site (DNS rebinding). The Host header still has the site's name.
func LocalOnly(next http.Handler) http.Handler {
	refuse := requestid.Handler(refusal.New(http.StatusMisdirectedRequest, "Use a name of this machine, such as localhost."))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if texter.IsLoopback(hostname(r.Host)) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}

// hostname returns a Host header without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}
