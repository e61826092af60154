package auth

import (
	"fmt"
	"net"
	"net/http"

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
	refuse := requestid.Handler(http.HandlerFunc(misdirected))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if texter.IsLoopback(hostname(r.Host)) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}

func misdirected(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusMisdirectedRequest)
	fmt.Fprintf(w, `{"errors":[{"message":"Ask by a name of this machine, such as localhost.","extensions":{"code":"BAD_REQUEST","requestId":%q}}]}`,
		requestid.From(r.Context()))
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
