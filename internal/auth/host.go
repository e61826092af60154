package auth

import (
	"net"
	"net/http"

	"texter-graphql/internal/refusal"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
)

// LocalOnly serves requests for this machine's own names, localhost and the
// addresses of loopback, and answers 421 to others (RFC 9110, section 7.4).
//
// Where being on this machine is all that a caller has to prove, a page of any
// site would do: its owner lets the site's name point to 127.0.0.1 once the
// page is loaded, and the browser takes that for the same site (DNS
// rebinding). The Host header still has the site's name then.
func LocalOnly(next http.Handler) http.Handler {
	refuse := requestid.Handler(refusal.New(http.StatusMisdirectedRequest, "Ask by a name of this machine, such as localhost."))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if texter.IsLoopback(hostname(r.Host)) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}

// hostname is a Host header without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}
