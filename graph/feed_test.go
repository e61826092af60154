package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/graph/live"
	"texter-graphql/graph/transport"
	"texter-graphql/texter"
)

// inbox is a Searcher and LabelSource whose rows a test changes.
type inbox struct {
	mu       sync.Mutex
	rows     []string // as JSON
	searches int
	err      error
}

func (i *inbox) set(rows ...string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.rows = rows
}

// SearchChats implements texter.Searcher.
func (i *inbox) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.searches++; i.err != nil {
		return nil, i.err
	}
	rows := i.rows[min(o.Skip, len(i.rows)):]
	rows = rows[:min(o.Limit, len(rows))]
	return o.Decode(fmt.Appendf(nil, `{"data":[%s],"total":%d}`, strings.Join(rows, ","), len(i.rows)))
}

// Labels implements texter.LabelSource.
func (i *inbox) Labels(context.Context) (*texter.Labels, error) {
	return texter.NewLabels([]*texter.Label{{ID: "vip", Name: new("VIP")}}), nil
}

func chatRow(id string, at int, rest string) string {
	return fmt.Sprintf(`{"_id":%q,"last_message_timestamp":%d%s}`, id, at, rest)
}

// follow runs a test with an inbox and an executor that follows it.
func follow(t *testing.T, test func(t *testing.T, i *inbox, e *executor)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		i := &inbox{}
		feed := live.New(live.Options{Searcher: i, Topic: func(_ context.Context, f texter.ChatFilter) (string, string, error) {
			return "", texter.SearchOptions{ChatFilter: f}.Query(), nil
		}})
		defer feed.Close()
		test(t, i, newExecutor(Options{Searcher: i, Labels: i, Feed: feed, Logger: slog.New(slog.DiscardHandler)}))
	})
}

// subscribeTo starts a subscription, which ends with the test.
func subscribeTo(t *testing.T, e *executor, document string, variables map[string]any) transport.Stream {
	t.Helper()
	o, errs := e.Prepare(t.Context(), &graphql.RawParams{Query: document, Variables: variables})
	if errs != nil {
		t.Fatal(errs)
	}
	return o.Subscribe(t.Context(), func() {})
}

// next returns the next body of a stream, once all that can happen now has happened.
func next(stream transport.Stream) string {
	synctest.Wait()
	body, ended := stream.Next()
	if body == nil && !ended { // it is being encoded
		synctest.Wait()
		body, ended = stream.Next()
	}
	if ended {
		return string(body) + " ended"
	}
	return string(body)
}

const followIDs = `subscription ($since: String) { chatsChanged(since: $since) { totalCount changes {
	... on ChatEntered { index edge { node { id labels { name } } } } ... on ChatUpdated { chat { id name } } ... on ChatLeft { chatId } ... on ChatsReset { reason } } } }`

func TestFeed(t *testing.T) {
	t.Run("a feed leads from a page to the list of now", func(t *testing.T) {
		follow(t, func(t *testing.T, i *inbox, e *executor) {
			i.set(chatRow("a", 2, ""), chatRow("b", 1, ""))
			stream := subscribeTo(t, e, followIDs, map[string]any{"since": liveCursor(t, e)})
			defer stream.Close()
			if got, want := next(stream), `{"data":{"chatsChanged":{"totalCount":2,"changes":[]}}}`; got != want {
				t.Errorf("first: %s", got)
			}
			i.set(chatRow("c", 3, `,"labels":["vip"]`), chatRow("a", 2, `,"title":"A"`))
			time.Sleep(live.DefaultInterval)
			if got, want := next(stream), `{"data":{"chatsChanged":{"totalCount":2,"changes":[{"chatId":"b"},{"chat":{"id":"a","name":"A"}},{"index":0,"edge":{"node":{"id":"c","labels":[{"name":"VIP"}]}}}]}}}`; got != want {
				t.Errorf("then: %s", got)
			}
		})
	})
	for name, test := range map[string]struct{ document, since, want string }{
		"a text that is no cursor":          {followIDs, "?", `"code":"CURSOR_INVALID"`},
		"a cursor of another version":       {followIDs, "AgAA", `{"data":{"chatsChanged":{"totalCount":0,"changes":[{"reason":"UNKNOWN"}]}}} ended`},
		"a filter that breaks a rule":       {`subscription { chatsChanged(filter: {search: "a"}) { cursor } }`, "", `"argument":"filter.search"`},
		"a field that a directive left out": {`subscription ($yes: Boolean = true) { chatsChanged @skip(if: $yes) { cursor } }`, "", `"code":"BAD_USER_INPUT"`},
	} {
		t.Run(name+" ends the feed", func(t *testing.T) {
			follow(t, func(t *testing.T, _ *inbox, e *executor) {
				variables := map[string]any{}
				if test.since != "" {
					variables["since"] = test.since
				}
				stream := subscribeTo(t, e, test.document, variables)
				defer stream.Close()
				if got := next(stream); !strings.Contains(got, test.want) || !strings.HasSuffix(got, " ended") {
					t.Errorf("got %s", got)
				}
			})
		})
	}
}

// liveCursor reads a page, and returns its live cursor.
func liveCursor(t *testing.T, e *executor) string {
	t.Helper()
	o, errs := e.Prepare(t.Context(), &graphql.RawParams{Query: `{ searchChats { liveCursor } }`})
	if errs != nil {
		t.Fatal(errs)
	}
	var body struct {
		Data struct{ SearchChats struct{ LiveCursor string } }
	}
	for response := range o.Execute(t.Context()) {
		if err := json.Unmarshal(response.Body(), &body); err != nil {
			t.Fatal(err)
		}
	}
	return body.Data.SearchChats.LiveCursor
}
