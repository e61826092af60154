package fast

import (
	"context"
	"fmt"
	"testing"

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
	operations := map[string]*Operation{}
	encode := func(document string, c *relay.Connection, labels *texter.Labels) string {
		t.Helper()
		o := operations[document]
		if o == nil {
			o = NewLane(nil, nil).Begin(loadExtended(t, document, nil))
			operations[document] = o
		}
		encoded, _ := o.Marshaler(*o.selection.single, c, labels).(*encodedConnection)
		written := string(encoded.append(nil, whole()))
		if again := string(encoded.append(nil, whole())); again != written || encoded.size(whole()) != len(written) {
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

// TestFirstLabel: of the fields that take more of a label than its id, the one is named
// that comes first in the response, of the first chat that has labels.
func TestFirstLabel(t *testing.T) {
	const document = "{ searchChats { totalCount nodes { id all: labels { id tag: name color } } edges { node { labels { name } } } } }"
	op := loadExtended(t, document, nil)
	o := NewLane(nil, nil).Begin(op)
	for name, test := range map[string]struct {
		rows string
		want string // its path and place; empty if there is none
	}{
		"the second chat has labels": {`{"_id":"a","labels":[]},{"_id":"b","labels":["x","y"]}`, "nodes[1].all[0].tag [1 1 1 0 1]"},
		"all chats have labels":      {`{"_id":"a","labels":["x"]},{"_id":"b","labels":["y"]}`, "nodes[0].all[0].tag [1 0 1 0 1]"},
		"no chat has labels":         {`{"_id":"a"},{"_id":"b"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := texter.SearchOptions{}.Decode([]byte(`{"data":[` + test.rows + `],"total":2}`))
			if err != nil {
				t.Fatal(err)
			}
			c, err := relay.Search(t.Context(), keptPage{page}, texter.ChatFilter{}, relay.Start(30), false)
			if err != nil {
				t.Fatal(err)
			}
			first, ok := o.FirstLabel(*o.selection.single, c)
			got := ""
			if ok {
				got = fmt.Sprint(first.Path, " ", first.Place)
			}
			if got != test.want || ok && first.Field.Name != "name" {
				t.Errorf("got %s", got)
			}
		})
	}
}
