package fast

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// held is a Searcher that keeps the page that it returned last.
type held struct {
	texter.Searcher
	page *texter.SearchPage
}

func (h *held) SearchChats(ctx context.Context, o texter.SearchOptions) (page *texter.SearchPage, err error) {
	h.page, err = h.Searcher.SearchChats(ctx, o)
	return h.page, err
}

// numbered answers every request with a row that has another title.
type numbered struct{ requests int }

func (n *numbered) RoundTrip(*http.Request) (*http.Response, error) {
	n.requests++
	body := fmt.Appendf(nil, `{"data":[{"_id":"x","title":"%06d"}],"total":1}`, n.requests)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}, nil
}

// TestTheEncoderPinsNoPage: the memory of a page that it has written is used again.
func TestTheEncoderPinsNoPage(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, selection := range []string{"nodes { title }", "edges { cursor node { title } }"} {
		t.Run(selection, func(t *testing.T) {
			document := gqlparser.MustLoadQueryWithRules(schema, "{ searchChats { "+selection+" } }", nil)
			operation := document.Operations[0]
			plan, ok := compilePlan(&graphql.OperationContext{Doc: document, Operation: operation}, operation.SelectionSet[0].(*ast.Field).SelectionSet)
			if !ok {
				t.Fatal("not covered")
			}
			client, err := texter.NewClient(texter.Options{
				BaseURL: "https://texter.example", Token: func(context.Context) (string, error) { return "token", nil },
				Transport: &numbered{}, Reuse: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			searcher := &held{Searcher: client}
			write := func() *texter.Chat {
				args, err := relay.ParseArguments(nil, relay.PageInput{})
				if err != nil {
					t.Fatal(err)
				}
				connection, err := relay.Search(t.Context(), searcher, texter.ChatFilter{}, args, false)
				if err != nil {
					t.Fatal(err)
				}
				if written := plan.append(nil, connection); !bytes.Contains(written, []byte(`"title"`)) {
					t.Fatalf("it wrote %s", written)
				}
				searcher.page.Release()
				return searcher.page.ChatViews()[0]
			}
			first := write()
			for range 1000 {
				if changed(first, "000001") {
					return
				}
				write()
			}
			t.Error("no other page got the memory of the page")
		})
	}
}

// changed reports whether a row has another title. Under the race detector, a row
// whose memory is given back has nothing at all, and panics.
func changed(row *texter.Chat, title string) (yes bool) {
	defer func() { yes = recover() != nil || yes }()
	return row.Title().String() != title
}
