package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
)

// labelled answers searches by three chats of which the second has labels, and
// counts the calls for labels, which fail with err.
type labelled struct {
	searcher texter.Searcher
	calls    atomic.Int64
	err      error
}

func newLabelled(t *testing.T, rows ...string) *labelled {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"data":[%s],"total":%d}`, strings.Join(rows, ","), len(rows))
	}))
	t.Cleanup(server.Close)
	client, err := texter.NewClient(texter.Options{BaseURL: server.URL, Token: func(context.Context) (string, error) { return "token", nil }})
	if err != nil {
		t.Fatal(err)
	}
	return &labelled{searcher: client}
}

func (l *labelled) Labels(context.Context) (*texter.Labels, error) {
	l.calls.Add(1)
	if l.err != nil {
		return nil, l.err
	}
	return texter.NewLabels([]*texter.Label{{ID: "b", Name: new("Second")}, {ID: "a", Name: new("First"), Color: new("#2CCCE4"), System: new(true)}}), nil
}

// answer is the answer to an operation, without extensions.
func (l *labelled) answer(t *testing.T, document string) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: l.searcher, Labels: l, Logger: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	res, err := http.Post(server.URL, "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return answer
}

var labelledRows = []string{`{"_id":"1","labels":[]}`, `{"_id":"2","labels":["b","gone","a"]}`, `{"_id":"3","labels":["a"]}`}

// TestCallsForLabels: what is known by the ids costs no call, all else one call for
// the whole operation.
func TestCallsForLabels(t *testing.T) {
	for document, calls := range map[string]int64{
		`{ searchChats { nodes { labelIds labels { id __typename } } } }`:                                         0,
		`{ searchChats { totalCount } }`:                                                                          0,
		`{ searchChats { nodes { labels { id name color } } edges { node { labels { system } } } } }`:             1,
		`{ a: searchChats { nodes { labels { name } } } b: searchChats(first: 2) { nodes { labels { name } } } }`: 1,
		`{ labels { id name } searchChats { nodes { labels { name } } } }`:                                        1,
		`{ labels { id } }`: 1,
	} {
		t.Run(document, func(t *testing.T) {
			l := newLabelled(t, labelledRows...)
			if answer := l.answer(t, document); answer["errors"] != nil || l.calls.Load() != calls {
				t.Errorf("%d calls, want %d: %v", l.calls.Load(), calls, answer)
			}
		})
	}
	t.Run("names of chats without labels", func(t *testing.T) {
		l := newLabelled(t, labelledRows[0])
		if answer := l.answer(t, `{ searchChats { nodes { labels { name } } } }`); answer["errors"] != nil || l.calls.Load() != 0 {
			t.Errorf("%d calls: %v", l.calls.Load(), answer)
		}
	})
}

// TestLabels: labels have the order of the chat, all labels the order of their
// names, and one that Texter does not know has nothing but its id.
func TestLabels(t *testing.T) {
	answer := newLabelled(t, labelledRows...).answer(t, `{ labels { id } searchChats { nodes { labelIds labels { id name color system } } } }`)
	var want any
	if err := json.Unmarshal([]byte(`{"labels":[{"id":"a"},{"id":"b"}],"searchChats":{"nodes":[
		{"labelIds":[],"labels":[]},
		{"labelIds":["b","gone","a"],"labels":[{"id":"b","name":"Second","color":null,"system":null},
			{"id":"gone","name":null,"color":null,"system":null},{"id":"a","name":"First","color":"#2CCCE4","system":true}]},
		{"labelIds":["a"],"labels":[{"id":"a","name":"First","color":"#2CCCE4","system":true}]}]}}`), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(answer["data"], want) {
		t.Errorf("got %v", answer)
	}
}

// TestLabelsThatCannotBeRead: the chats are whole, and one error stands at the first
// field of the response that lacks its value.
func TestLabelsThatCannotBeRead(t *testing.T) {
	for document, path := range map[string]string{
		`{ searchChats { nodes { id labels { id name } } } }`:                                                              `[searchChats nodes 1 labels 0 name]`,
		`{ searchChats { edges { node { labels { color } } } nodes { labels { name } } } }`:                                `[searchChats edges 1 node labels 0 color]`,
		`{ one: searchChats { nodes { l: labels { n: name } } } two: searchChats(last: 3) { nodes { labels { name } } } }`: `[one nodes 1 l 0 n]`,
		`{ searchChats { nodes { ...F labels { id } } } } fragment F on Chat { id labels { system } }`:                     `[searchChats nodes 1 labels 0 system]`,
	} {
		t.Run(document, func(t *testing.T) {
			l := newLabelled(t, labelledRows...)
			l.err = &texter.Error{Cause: texter.CauseRateLimited}
			answer := l.answer(t, document)
			errs, _ := answer["errors"].([]any)
			if len(errs) != 1 {
				t.Fatalf("got %v", answer)
			}
			e := errs[0].(map[string]any)
			if got := fmt.Sprint(e["path"]); got != path || e["extensions"].(map[string]any)["code"] != "RATE_LIMITED" || e["locations"] == nil {
				t.Errorf("got %v, want the path %s", e, path)
			}
			if text := fmt.Sprint(answer["data"]); strings.Count(text, "<nil>") == 0 {
				t.Errorf("the data is %s", text)
			}
		})
	}
	t.Run("Query.labels has an error of its own", func(t *testing.T) {
		l := newLabelled(t, labelledRows...)
		l.err = &texter.Error{Cause: texter.CauseTimeout}
		answer := l.answer(t, `{ labels { id } searchChats { nodes { id labels { name } } } }`)
		if errs, _ := answer["errors"].([]any); len(errs) != 2 || answer["data"].(map[string]any)["labels"] != nil || l.calls.Load() != 1 {
			t.Errorf("%d calls, %v", l.calls.Load(), answer)
		}
	})
}
