package fast

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// keptPage is a Searcher that always has the same page, which is kept.
type keptPage struct{ page *texter.SearchPage }

// SearchChats implements texter.Searcher.
func (k keptPage) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return k.page, nil
}

// TestKeptEncodings: a kept page remembers its encoding for each of what is selected, of
// the labels, and of the connections that are made of it. None gets that of another.
func TestKeptEncodings(t *testing.T) {
	page, err := texter.SearchOptions{}.Decode([]byte(`{"data":[{"_id":"a","labels":["x"]},{"_id":"b"}],"total":2}`))
	if err != nil {
		t.Fatal(err)
	}
	page.Keep()
	connection := func(filter texter.ChatFilter, input relay.PageInput) *relay.Connection {
		t.Helper()
		args, err := relay.ParseArguments(nil, input)
		if err != nil {
			t.Fatal(err)
		}
		c, err := relay.Search(t.Context(), keptPage{page}, filter, args, false)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	lane := NewLane(nil, nil)
	encode := func(document string, c *relay.Connection, labels *texter.Labels) string {
		t.Helper()
		op := loadExtended(t, document, nil)
		fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"})
		p, ok := newPlan(op, fields[0])
		if !ok {
			t.Fatal("no plan covers it")
		}
		o := lane.Begin(op)
		first := &encodedConnection{o, p, c, labels}
		written := string(first.append(nil, whole()))
		if again := string((&encodedConnection{o, p, c, labels}).append(nil, whole())); again != written || first.size(whole()) != len(written) {
			t.Errorf("first %s, then %s", written, again)
		}
		return written
	}
	named := func(name string) *texter.Labels {
		return texter.NewLabels([]*texter.Label{{ID: "x", Name: &name}})
	}
	const names, ids, cursors = "{ searchChats { nodes { labels { name } } } }", "{ searchChats { nodes { id } } }", "{ searchChats { edges { cursor } } }"
	all, seen := connection(texter.ChatFilter{}, relay.PageInput{}), map[string]string{}
	for name, text := range map[string]string{
		"names of labels":       encode(names, all, named("X")),
		"other names of labels": encode(names, all, named("Y")),
		"no names of labels":    encode(names, all, nil),
		"ids":                   encode(ids, all, nil),
		"ids of another page":   encode(ids, connection(texter.ChatFilter{}, relay.PageInput{First: new(1)}), nil),
		"cursors":               encode(cursors, all, nil),
		"those of a filter":     encode(cursors, connection(texter.ChatFilter{Search: new("xy")}, relay.PageInput{}), nil),
	} {
		if other, taken := seen[text]; taken {
			t.Errorf("%s are those of %s: %s", name, other, text)
		}
		seen[text] = name
	}
}
