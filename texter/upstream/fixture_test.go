package upstream_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/texter/upstream"
)

// next answers attempts in place of a network.
type next func(*http.Request) (*http.Response, error)

func (n next) RoundTrip(r *http.Request) (*http.Response, error) { return n(r) }

// answer is an answer with these headers, which are "Name: value".
func answer(status int, headers ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("body"))}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		res.Header.Set(name, value)
	}
	return res
}

// newTransport makes a transport of attempts that are answered in turn.
func newTransport(n next, change ...func(*upstream.Options)) *upstream.Transport {
	options := upstream.Options{Next: n}
	for _, f := range change {
		f(&options)
	}
	return upstream.NewTransport(options)
}

// send sends a request and reads its answer: the status or else the error.
func send(ctx context.Context, t http.RoundTripper, method ...string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, strings.Join(method, ""), "http://upstream.example/", http.NoBody)
	if err != nil {
		return 0, err
	}
	res, err := t.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// BenchmarkTransport is what a request costs beside what is sent.
func BenchmarkTransport(b *testing.B) {
	res := answer(http.StatusOK)
	body := res.Body
	bare := next(func(*http.Request) (*http.Response, error) {
		res.Body = body
		return res, nil
	})
	for name, t := range map[string]http.RoundTripper{"bare": bare, "guarded": newTransport(bare)} {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://upstream.example/", http.NoBody)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				res, err := t.RoundTrip(r)
				if err != nil {
					b.Fatal(err)
				}
				_ = res.Body.Close()
			}
		})
	}
}
