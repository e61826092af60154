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

// lastPageSearcher is a Searcher that holds the page of the last search.
type lastPageSearcher struct {
	texter.Searcher
	page *texter.SearchPage
}

func (s *lastPageSearcher) SearchChats(ctx context.Context, o texter.SearchOptions) (page *texter.SearchPage, err error) {
	s.page, err = s.Searcher.SearchChats(ctx, o)
	return s.page, err
}

// numberedUpstream sends one row, whose title is the number of the request.
type numberedUpstream struct{ requests int }

func (u *numberedUpstream) RoundTrip(*http.Request) (*http.Response, error) {
	u.requests++
	body := fmt.Appendf(nil, `{"data":[{"_id":"x","title":"%06d"}],"total":1}`, u.requests)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}, nil
}

// write searches, writes the connection by the plan and releases the page. It
// returns a view of the row.
func write(t *testing.T, p *plan, searcher *lastPageSearcher) *texter.Chat {
	t.Helper()
	args, err := relay.ParseArguments(nil, relay.PageInput{})
	if err != nil {
		t.Fatal(err)
	}
	connection, err := relay.Search(t.Context(), searcher, texter.ChatFilter{}, args, false)
	if err != nil {
		t.Fatal(err)
	}
	if written := p.append(nil, connection, whole()); !bytes.Contains(written, []byte(`"title"`)) {
		t.Fatalf("it wrote %s", written)
	}
	searcher.page.Release()
	return searcher.page.ChatViews()[0]
}

// TestEncoderPinsNoPage: after a page is released, another page uses its memory.
func TestEncoderPinsNoPage(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, selection := range []string{"nodes { title }", "edges { cursor node { title } }"} {
		t.Run(selection, func(t *testing.T) {
			document := gqlparser.MustLoadQueryWithRules(schema, "{ searchChats { "+selection+" } }", nil)
			operation := document.Operations[0]
			p, ok := compilePlan(&graphql.OperationContext{Doc: document, Operation: operation}, operation.SelectionSet[0].(*ast.Field).SelectionSet)
			if !ok {
				t.Fatal("no plan covers it")
			}
			client, err := texter.NewClient(texter.Options{
				BaseURL: "https://texter.example", Token: func(context.Context) (string, error) { return "token", nil },
				Transport: &numberedUpstream{}, Reuse: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			searcher := &lastPageSearcher{Searcher: client}
			first := write(t, p, searcher)
			for range 1000 {
				if changed(first, "000001") {
					return
				}
				write(t, p, searcher)
			}
			t.Error("no other page uses the memory of the first one")
		})
	}
}

// changed reports whether a row has another title. Under the race detector, a row
// whose page is released has no values, and panics.
func changed(row *texter.Chat, title string) (yes bool) {
	defer func() { yes = recover() != nil || yes }()
	return row.Title().String() != title
}
