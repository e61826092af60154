package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
)

func TestLocalOnly(t *testing.T) {
	handler := auth.LocalOnly(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }))
	for host, served := range map[string]bool{
		"localhost": true, "LOCALHOST:8080": true, "127.0.0.1": true, "127.0.0.1:8080": true, "127.8.8.8:1": true, "[::1]": true, "[::1]:8080": true,
		"": false, "evil.example": false, "evil.example:8080": false, "localhost.evil.example": false, "127.0.0.1.evil.example:8080": false,
		"localhost:8080:evil.example": false, "evil.example:localhost": false, "0.0.0.0:8080": false, "10.0.0.1": false, "[::ffff:10.0.0.1]": false,
		"127.0.0.1@evil.example": false, "[127.0.0.1]evil.example": false, "2130706433": false, "127.1": false, "localhost.": false,
	} {
		t.Run(fmt.Sprintf("served is %t for the host %q", served, host), func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Host = host
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if want := map[bool]int{true: 204, false: 421}[served]; w.Code != want || !served && !strings.Contains(w.Body.String(), "such as localhost") {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, want)
			}
		})
	}
}
