package texter_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// page is an answer of n chats.
func page(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"_id":"chat-%d"}`, i)
	}
	return fmt.Sprintf(`{"data":[%s],"total":%d}`, strings.Join(rows, ","), n)
}

// TestRowsBeyondTheLimit are cut; the total stays.
func TestRowsBeyondTheLimit(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page(40)) })
	for limit, want := range map[int]int{0: texter.DefaultLimit, 1: 1, 30: 30, 40: 40, 100: 40} {
		got, err := client.SearchChats(t.Context(), texter.SearchOptions{Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.ChatViews()) != want || got.ChatViews()[want-1].ID != fmt.Sprintf("chat-%d", want-1) || got.Total != 40 {
			t.Errorf("limit %d: got %d chats of %d", limit, len(got.ChatViews()), got.Total)
		}
	}
}

// TestBodyCap has answers at the cap and one byte above it, with their length
// announced and without.
func TestBodyCap(t *testing.T) {
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
			if e := failure(t.Context(), t, client, texter.CauseInvalidResponse); e.Status != 200 {
				t.Errorf("%d bytes: got status %d", size, e.Status)
			}
		})
	}
}

// TestBodyCapOfSmallPages bounds a body by how many chats are asked for.
func TestBodyCapOfSmallPages(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, emptyPage+strings.Repeat(" ", 2<<20))
	})
	for limit, fits := range map[int]bool{1: false, 15: false, 17: true, 0: true} {
		if _, err := client.SearchChats(t.Context(), texter.SearchOptions{Limit: limit}); (err == nil) != fits {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// TestAnnouncedBodyIsNotWaitedFor has a body that is too large by its length
// and never comes.
func TestAnnouncedBodyIsNotWaitedFor(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(texter.DefaultMaxResponseBytes+1))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	failure(t.Context(), t, client, texter.CauseInvalidResponse)
}

// TestEndlessAnswer is read up to the cap, and no further.
func TestEndlessAnswer(t *testing.T) {
	written := make(chan int64)
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		n, _ := io.Copy(w, endless{}) // until the client is gone
		written <- n
	}, func(o *texter.Options) { o.MaxResponseBytes = 5000 })
	failure(t.Context(), t, client, texter.CauseInvalidResponse)
	if n := <-written; n > 64<<20 { // most of it in the buffers of the connection
		t.Errorf("%d bytes were sent", n)
	}
}

// zipped answers with a compressed body, to clients that take one.
func zipped(t *testing.T, body io.Reader) http.HandlerFunc {
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
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(compressed.Bytes())
	}
}

// TestCompressedAnswer is read as if it were not compressed.
func TestCompressedAnswer(t *testing.T) {
	client := newClient(t, zipped(t, strings.NewReader(page(12))))
	got, err := client.SearchChats(t.Context(), texter.SearchOptions{})
	if err != nil || len(got.ChatViews()) != 12 || got.Total != 12 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

// spaces are n bytes of white space, which could go on in a valid answer.
func spaces(n int64) io.Reader { return io.LimitReader(endless{}, n) }

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestCompressedBomb has an answer whose length says nothing of its size.
func TestCompressedBomb(t *testing.T) {
	body := io.MultiReader(spaces(texter.DefaultMaxResponseBytes), strings.NewReader(emptyPage))
	failure(t.Context(), t, newClient(t, zipped(t, body)), texter.CauseInvalidResponse)
}

// TestBrokenAnswers break off, or are not HTTP.
func TestBrokenAnswers(t *testing.T) {
	for name, serve := range map[string]http.HandlerFunc{
		"reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, emptyPage)
		},
		"not HTTP": func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			fmt.Fprint(connection, canaryBody+"\r\n\r\n")
			_ = connection.Close()
		},
		"not gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, canaryBody)
		},
	} {
		t.Run(name, func(t *testing.T) {
			if e := failure(t.Context(), t, newClient(t, serve), texter.CauseUnavailable); e.Unwrap() == nil {
				t.Error("it wraps nothing")
			}
		})
	}
}

// TestAnswersThatBreakTheContract are told apart from those that do not come.
func TestAnswersThatBreakTheContract(t *testing.T) {
	for _, body := range []string{
		"", canaryBody, `"` + canaryBody + `"`, `{"data":[{"_id":"` + canaryBody, emptyPage + canaryBody, `{"` + canaryBody + `":1}`,
		`{"data":[{"title":"` + canaryBody + `"}],"total":1}`, `{"data":[{"_id":"1","status":"` + canaryBody + `"}],"total":1}`,
	} {
		client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		if e := failure(t.Context(), t, client, texter.CauseInvalidResponse); e.Status != 200 {
			t.Errorf("%s: got status %d", body, e.Status)
		}
	}
}
