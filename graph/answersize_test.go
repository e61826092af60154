package graph

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// wideRows is a searcher of chats with a long title each.
type wideRows struct{ width int }

func (s wideRows) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	var rows []string
	for i := range o.Limit {
		rows = append(rows, fmt.Sprintf(`{"_id":"%d","title":"%s","labels":["VIP"],"crmData":{"a":1}}`, i, strings.Repeat("x", s.width)))
	}
	return o.Decode([]byte(fmt.Sprintf(`{"total":%d,"data":[%s]}`, o.Limit, strings.Join(rows, ","))))
}

const wideDocument = `{ searchChats(first: 40) { totalCount nodes { id title labelIds crmData } edges { cursor node { t: title raw } } } }`

// answerOf returns the response of a handler to a document, and its body.
func answerOf(t *testing.T, h http.Handler, document, accept string) (*http.Response, []byte) {
	t.Helper()
	r, w := newPost(t.Context(), document), httptest.NewRecorder()
	r.Header.Set("Accept", accept)
	h.ServeHTTP(w, r)
	return w.Result(), w.Body.Bytes()
}

// TestLargeAnswers: whether an answer is whole in memory or sent in pieces, and in
// which lane it is made, makes no difference to who gets it.
func TestLargeAnswers(t *testing.T) {
	options := Options{Searcher: wideRows{20_000}, Logger: slog.New(slog.DiscardHandler)}
	ordinary := newExecutor(options)
	_, want := answerOf(t, newServer(options, ordinary), wideDocument, "application/json")
	if len(want) < 4*minWhole {
		t.Fatalf("the answer has %d bytes", len(want))
	}
	res, got := answerOf(t, NewHandler(options), wideDocument, "application/json")
	if !bytes.Equal(got, want) || res.Header.Get("Content-Length") != "" || res.StatusCode != http.StatusOK {
		t.Errorf("got %d bytes, %v", len(got), res.Header)
	}
}

// TestMaxAnswerSize: an answer of the largest size passes, and a larger one is
// refused before the first byte, in both lanes.
func TestMaxAnswerSize(t *testing.T) {
	options := Options{Searcher: wideRows{20_000}, Logger: slog.New(slog.DiscardHandler)}
	_, body := answerOf(t, NewHandler(options), wideDocument, "application/json")
	for name, serve := range map[string]func(Options) http.Handler{
		"fast lane":     NewHandler,
		"ordinary lane": func(o Options) http.Handler { return newServer(o, newExecutor(o)) },
	} {
		t.Run(name+": the largest answer passes", func(t *testing.T) {
			options := options
			options.MaxAnswerSize = len(body)
			res, got := answerOf(t, serve(options), wideDocument, "application/json")
			if !bytes.Equal(got, body) || res.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
				t.Errorf("got %v: %.300s", res.Header, got)
			}
		})
		for accept, status := range map[string]int{"application/json": 200, "application/graphql-response+json": 400} {
			t.Run(name+": a larger one is refused as "+accept, func(t *testing.T) {
				options := options
				options.MaxAnswerSize = len(body) - 1
				var codes []string
				options.Observe = func(_ context.Context, o Outcome) { codes = o.Codes }
				res, got := answerOf(t, serve(options), wideDocument, accept)
				if res.StatusCode != status || bytes.Contains(got, []byte(`"data"`)) || !bytes.Contains(got, []byte(`"code":"ANSWER_TOO_LARGE"`)) || len(got) > 1000 {
					t.Errorf("got %d: %.300s", res.StatusCode, got)
				}
				if len(codes) != 1 || codes[0] != codeAnswerTooLarge {
					t.Errorf("the observer got %v", codes)
				}
			})
		}
	}
}
