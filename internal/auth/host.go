package auth

import (
	"net/http"
	"net/url"

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
		host := url.URL{Host: r.Host}
		if texter.IsLoopback(host.Hostname()) {
			next.ServeHTTP(w, r)
			return
		}
		refuse.ServeHTTP(w, r)
	})
}
