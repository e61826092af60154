package cache

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// roundTripper calls a handler in place of a network.
type roundTripper struct{ http.Handler }

func (h roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestLeaveAfterEnd holds that a caller who leaves a search that has ended
// releases its page, whose memory is then used again. Whether a caller comes to
// that is a matter of nanoseconds, so the test leaves by itself.
func TestLeaveAfterEnd(t *testing.T) {
	client, err := texter.NewClient(texter.Options{
		BaseURL: "https://sandbox.example" + sandbox.BasePath, Transport: roundTripper{sandbox.New(sandbox.Options{Chats: 40})},
		Token: func(context.Context) (string, error) { return "a", nil }, Reuse: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	fs := flights{byKey: map[flightKey]*flight{}, keep: func(*flight, bool) {}, search: func(f *flight) (err error) {
		f.page, err = client.SearchChats(f.ctx, f.options)
		return err
	}}
	reused := false
	for range 50 { // a pool may lose memory, but not each time
		f, _ := fs.join(t.Context(), key{}, texter.SearchOptions{})
		if _, first := fs.join(t.Context(), key{}, texter.SearchOptions{}); first {
			t.Fatal("the second caller did not join")
		}
		fs.run(f)
		memory := f.page.ChatViews()[0]
		fs.leave(f)
		f.page.Release()
		next, err := client.SearchChats(t.Context(), texter.SearchOptions{Skip: 5})
		if err != nil {
			t.Fatal(err)
		}
		reused = reused || next.ChatViews()[0] == memory
		next.Release()
	}
	if !reused {
		t.Error("its memory is never used again")
	}
}
