package upstream_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/texter/upstream"
)

// next sends attempts to a function, in place of a network.
type next func(*http.Request) (*http.Response, error)

func (n next) RoundTrip(r *http.Request) (*http.Response, error) { return n(r) }

// response is a response with these header fields, which are "Name: value".
func response(status int, headers ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("body"))}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		res.Header.Set(name, value)
	}
	return res
}

// newTransport makes a transport. A nil next is the network.
func newTransport(n next, change ...func(*upstream.Options)) *upstream.Transport {
	var options upstream.Options
	if n != nil {
		options.Next = n
	}
	for _, f := range change {
		f(&options)
	}
	return upstream.NewTransport(options)
}

// send sends a GET request to nobody in particular: see sendTo.
func send(ctx context.Context, t http.RoundTripper) (int, error) {
	return sendTo(ctx, t, http.MethodGet, "http://127.0.0.1/")
}

// sendTo sends a request and reads its response. It returns the status, with the
// error of the body if there is one, or else why there is no response.
func sendTo(ctx context.Context, t http.RoundTripper, method, url string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, http.NoBody)
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

// BenchmarkTransport measures what a Transport adds to a request.
func BenchmarkTransport(b *testing.B) {
	res := response(http.StatusOK)
	body := res.Body
	bare := next(func(*http.Request) (*http.Response, error) {
		res.Body = body
		return res, nil
	})
	for name, t := range map[string]http.RoundTripper{"bare": bare, "Transport": newTransport(bare)} {
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
