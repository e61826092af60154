package fast

import (
	"os"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

// loadExtended returns an operation of a schema that has fields which plans do not
// cover, each with the name added.
func loadExtended(t *testing.T, document string, variables map[string]any) *graphql.OperationContext {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	const added = "extend type Query { added: Int } extend type ChatConnection { added: Int } extend type Chat { added: Int }"
	doc, errs := gqlparser.LoadQueryWithRules(gqlparser.MustLoadSchema(&ast.Source{Input: string(text) + added}), document, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	return &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: variables}
}

func TestSelection(t *testing.T) {
	for _, test := range []struct {
		name, document  string
		covered, single bool
		plans           int
	}{
		{"plans cover a search of plain fields", "{ searchChats { nodes { id } } }", true, true, 1},
		{"plans cover a field that @skip removes", "{ searchChats { totalCount added @skip(if: true) } }", true, true, 1},
		{"plans cover __typename", "{ __typename searchChats { totalCount } }", true, false, 1},
		{"plans cover several searches", "{ a: searchChats { totalCount } b: searchChats { totalCount } }", true, false, 2},
		{"no plan covers a new field of ChatConnection", "{ searchChats { totalCount added } }", false, false, 0},
		{"no plan covers a new field of Chat in nodes", "{ searchChats { nodes { id added } } }", false, false, 0},
		{"no plan covers a new field of Chat in edges", "{ searchChats { edges { node { added } } } }", false, false, 0},
		{"no plan covers a new field of Query", "{ searchChats { totalCount } added }", false, false, 1},
		{"no plan covers introspection", "{ searchChats { totalCount } __schema { queryType { name } } }", false, false, 1},
		{"ids of labels are those of the page", "{ searchChats { nodes { labels { __typename id } } } }", true, true, 1},
		{"names of labels are of another source", "{ searchChats { nodes { labels { id name } } } }", false, true, 1},
		{"names of labels, beside a search without them", "{ a: searchChats { edges { node { labels { name } } } } b: searchChats { totalCount } }", false, false, 2},
		{"a search with a new field leaves the plan of another one", "{ a: searchChats { added } b: searchChats { totalCount } }", false, false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := NewLane(nil, nil).Begin(loadExtended(t, test.document, nil))
			if o.IsPlain() != test.covered || o.IsSingle() != test.single || len(o.selection.plans) != test.plans {
				t.Errorf("covered: %v, single: %v, plans: %d", o.IsPlain(), o.IsSingle(), len(o.selection.plans))
			}
		})
	}
}

func TestMarshaler(t *testing.T) {
	op := loadExtended(t, "{ a: searchChats { added } b: searchChats { totalCount } }", nil)
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"})
	fallbacks := 0
	o := NewLane(nil, func() { fallbacks++ }).Begin(op)
	t.Run("a connection that no plan covers falls back", func(t *testing.T) {
		if m := o.Marshaler(fields[0], &relay.Connection{}, nil); m != nil || fallbacks != 1 {
			t.Errorf("got %v, %d fallbacks", m, fallbacks)
		}
	})
	t.Run("a connection that a plan covers does not fall back", func(t *testing.T) {
		if m := o.Marshaler(fields[1], &relay.Connection{}, nil); m == nil || fallbacks != 1 {
			t.Errorf("got %v, %d fallbacks", m, fallbacks)
		}
	})
	t.Run("a lane without a callback falls back too", func(t *testing.T) {
		if m := NewLane(nil, nil).Begin(op).Marshaler(fields[0], &relay.Connection{}, nil); m != nil {
			t.Errorf("got %v", m)
		}
	})
}

func TestSelectionsAreKept(t *testing.T) {
	const document = "query($yes: Boolean = false, $first: Int) { searchChats(first: $first) { totalCount added @include(if: $yes) } }"
	op := loadExtended(t, document, nil)
	kept := newSelections()
	find := func(variables map[string]any) *selection {
		return kept.find(&graphql.OperationContext{Doc: op.Doc, Operation: op.Operation, Variables: variables})
	}
	without := find(map[string]any{"yes": false, "first": 1})
	for _, test := range []struct {
		name      string
		variables map[string]any
		same      bool
		plain     bool
	}{
		{"the values of other variables do not matter", map[string]any{"yes": false, "first": 2}, true, true},
		{"no value is not taken for false", map[string]any{"first": 1}, false, true},
		{"null is not taken for false", map[string]any{"yes": nil}, false, true},
		{"the values of Boolean variables matter", map[string]any{"yes": true, "first": 1}, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := find(test.variables)
			if same := s == without; same != test.same || s.plain != test.plain {
				t.Errorf("same: %v, covered: %v", same, s.plain)
			}
		})
	}
	t.Run("another operation has another selection", func(t *testing.T) {
		if other := kept.find(loadExtended(t, document, nil)); other == without {
			t.Error("two operations have one selection")
		}
	})
}
