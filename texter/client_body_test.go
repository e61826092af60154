package texter_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/internal/failure"
	"texter-graphql/texter"
)

// page is the body of a page of n chats.
func page(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"_id":"chat-%d"}`, i)
	}
	return fmt.Sprintf(`{"data":[%s],"total":%d}`, strings.Join(rows, ","), n)
}

// TestRowsBeyondTheLimitAreCut: the total stays.
func TestRowsBeyondTheLimitAreCut(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page(40)) })
	for limit, want := range map[int]int{0: texter.DefaultLimit, 1: 1, 30: 30, 40: 40, 100: 40} {
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			got, err := client.SearchChats(t.Context(), texter.SearchOptions{Limit: limit})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.ChatViews()) != want || got.ChatViews()[want-1].ID != fmt.Sprintf("chat-%d", want-1) || got.Total != 40 {
				t.Errorf("got %d chats of %d", len(got.ChatViews()), got.Total)
			}
		})
	}
}

// TestBodiesHaveAtMostMaxResponseBytes: a body of that size is read, one byte
// more is refused, whether or not Content-Length announces it.
func TestBodiesHaveAtMostMaxResponseBytes(t *testing.T) {
	const most = 5000
	for name, announce := range map[string]bool{"Content-Length": true, "chunked": false} {
		t.Run(name, func(t *testing.T) {
			size := most
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				if announce {
					w.Header().Set("Content-Length", fmt.Sprint(size))
				} else {
					_ = http.NewResponseController(w).Flush()
				}
				_, _ = io.WriteString(w, emptyPage+strings.Repeat(" ", size-len(emptyPage)))
			}, func(o *texter.Options) { o.MaxResponseBytes = most })
			if err := call(t.Context(), client); err != nil {
				t.Errorf("%d bytes: %v", size, err)
			}
			size++
			if e := expectError(t.Context(), t, client, texter.CauseInvalidResponse); e.Status != 200 {
				t.Errorf("%d bytes: got status %d", size, e.Status)
			}
		})
	}
}

// TestBodiesAreBoundedByTheLimit: 2 MiB are too much for a few chats.
func TestBodiesAreBoundedByTheLimit(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, emptyPage+strings.Repeat(" ", 2<<20))
	})
	for limit, fits := range map[int]bool{1: false, 30: false, 63: false, 65: true, 1000: true} {
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			if _, err := client.SearchChats(t.Context(), texter.SearchOptions{Limit: limit}); (err == nil) != fits {
				t.Error(err)
			}
		})
	}
}

// TestABodyThatAnnouncesTooMuchIsNotAwaited: the upstream sends only the head.
func TestABodyThatAnnouncesTooMuchIsNotAwaited(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(texter.DefaultMaxResponseBytes+1))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	expectError(t.Context(), t, client, texter.CauseInvalidResponse)
}

func TestAnEndlessBodyIsReadUpToTheBound(t *testing.T) {
	written := make(chan int64)
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		n, _ := io.Copy(w, endless{}) // until the client is gone
		written <- n
	}, func(o *texter.Options) { o.MaxResponseBytes = 5000 })
	expectError(t.Context(), t, client, texter.CauseInvalidResponse)
	if n := <-written; n > 64<<20 { // most of it is in the buffers of the connection
		t.Errorf("%d bytes were sent", n)
	}
}

// zipped sends a compressed body to clients that accept one.
func zipped(t *testing.T, body io.Reader) http.HandlerFunc { return zippedAs(t, "gzip", body) }

// zippedAs names the content coding.
func zippedAs(t *testing.T, coding string, body io.Reader) http.HandlerFunc {
	t.Helper()
	var compressed bytes.Buffer
	z := gzip.NewWriter(&compressed)
	if _, err := io.Copy(z, body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Encoding", coding)
		_, _ = w.Write(compressed.Bytes())
	}
}

func TestCompressedBodiesAreDecompressed(t *testing.T) {
	for _, coding := range []string{"gzip", "GZIP", "x-gzip", "X-Gzip"} {
		t.Run(coding, func(t *testing.T) {
			client := newClient(t, zippedAs(t, coding, strings.NewReader(page(12))))
			got, err := client.SearchChats(t.Context(), texter.SearchOptions{})
			if err != nil || len(got.ChatViews()) != 12 || got.Total != 12 {
				t.Fatalf("got %+v, %v", got, err)
			}
		})
	}
}

// spaces are n bytes of white space, which a valid body may begin with.
func spaces(n int64) io.Reader { return io.LimitReader(endless{}, n) }

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestDecompressedBodiesAreBounded(t *testing.T) {
	body := io.MultiReader(spaces(texter.DefaultMaxResponseBytes), strings.NewReader(emptyPage))
	expectError(t.Context(), t, newClient(t, zipped(t, body)), texter.CauseInvalidResponse)
}

// TestBrokenResponses: the connection ends early, or what is sent is not HTTP or
// not gzip.
func TestBrokenResponses(t *testing.T) {
	var whole bytes.Buffer
	z := gzip.NewWriter(&whole)
	_, _ = io.WriteString(z, emptyPage)
	_ = z.Close()
	sendGzip := func(body []byte, announced int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", fmt.Sprint(announced))
			_, _ = w.Write(body)
		}
	}
	half, damaged, wrongSum := whole.Bytes()[:whole.Len()/2], bytes.Clone(whole.Bytes()), bytes.Clone(whole.Bytes())
	damaged[10] = 0xff // the first byte after the header: a kind of block that there is not
	wrongSum[whole.Len()-5]++
	for name, test := range map[string]struct {
		cause texter.Cause
		class failure.Class
		serve http.HandlerFunc
	}{
		"half of gzip":                     {texter.CauseInvalidResponse, failure.Body, sendGzip(half, len(half))},
		"gzip that breaks off":             {texter.CauseUnavailable, failure.Reset, sendGzip(half, whole.Len())},
		"gzip that breaks off at its head": {texter.CauseUnavailable, failure.Reset, sendGzip(half[:5], whole.Len())},
		"no byte of gzip":                  {texter.CauseInvalidResponse, failure.Body, sendGzip(nil, 0)},
		"damaged gzip":                     {texter.CauseInvalidResponse, failure.Body, sendGzip(damaged, len(damaged))},
		"gzip with a wrong sum":            {texter.CauseInvalidResponse, failure.Body, sendGzip(wrongSum, len(wrongSum))},
		"not gzip":                         {texter.CauseInvalidResponse, failure.Body, sendGzip([]byte(canaryBody), len(canaryBody))},
		"reset":                            {texter.CauseUnavailable, failure.Reset, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		"short": {texter.CauseUnavailable, failure.Reset, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, emptyPage)
		}},
		"not HTTP": {texter.CauseUnavailable, failure.Protocol, func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			fmt.Fprint(connection, canaryBody+"\r\n\r\n")
			_ = connection.Close()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var reported *texter.Error
			client := newClient(t, test.serve, func(o *texter.Options) { o.Failed = func(_ context.Context, e *texter.Error) { reported = e } })
			if e := expectError(t.Context(), t, client, test.cause); e.Unwrap() == nil || e.Failure != test.class || reported != e {
				t.Errorf("got %q of %v, and %v is reported", e.Failure, e.Unwrap(), reported)
			}
		})
	}
}

func TestBodiesThatBreakTheContractAreInvalidResponses(t *testing.T) {
	for _, body := range []string{
		"", canaryBody, `"` + canaryBody + `"`, `{"data":[{"_id":"` + canaryBody, emptyPage + canaryBody, `{"` + canaryBody + `":1}`,
		`{"data":[{"title":"` + canaryBody + `"}],"total":1}`, `{"data":[{"_id":"1","status":"` + canaryBody + `"}],"total":1}`,
	} {
		t.Run(body, func(t *testing.T) {
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
			if e := expectError(t.Context(), t, client, texter.CauseInvalidResponse); e.Status != 200 {
				t.Errorf("got status %d", e.Status)
			}
		})
	}
}
