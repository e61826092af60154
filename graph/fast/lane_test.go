package fast

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// resolvers answer every searchChats by the same two chats.
type resolvers struct {
	generated.ResolverRoot  // the others are not called
	generated.QueryResolver // the same
	searcher                texter.Searcher
}

func (r resolvers) Query() generated.QueryResolver { return r }

func (r resolvers) SearchChats(ctx context.Context, _ *texter.ChatFilter, _ *relay.PageInput, first *int, _ *string, _ *int, _ *string) (*relay.Connection, error) {
	args, err := relay.ParseArguments(nil, relay.PageInput{First: first})
	if err != nil {
		return nil, err
	}
	return relay.Search(ctx, r.searcher, texter.ChatFilter{}, args, false)
}

// twoChats finds the chats a and b.
type twoChats struct{}

func (twoChats) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	return o.Decode([]byte(`{"total":2,"data":[{"_id":"a","title":"A"},{"_id":"b"}]}`))
}

// result is what a lane made of an operation.
type result struct {
	operation *Operation
	data      string
	errors    int
	fallbacks int
}

// execute executes a document in the fast lane.
func execute(t *testing.T, document string, variables map[string]any) (r result) {
	t.Helper()
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: resolvers{searcher: twoChats{}}})
	doc, errs := gqlparser.LoadQueryWithRules(schema.Schema(), document, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	op := &graphql.OperationContext{
		Doc: doc, Operation: doc.Operations[0], Variables: variables, RecoverFunc: graphql.DefaultRecover,
		RootResolverMiddleware: func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) },
	}
	lane := NewLane(schema, func() { r.fallbacks++ })
	r.operation = lane.Begin(op)
	op.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		value, err := next(ctx)
		if connection, ok := value.(*relay.Connection); ok && err == nil {
			if marshaler := r.operation.Marshaler(graphql.GetFieldContext(ctx).Field, connection, nil); marshaler != nil {
				return marshaler, nil
			}
		}
		return value, err
	}
	ctx := graphql.WithResponseContext(graphql.WithOperationContext(t.Context(), op), graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	r.errors = len(append(r.operation.Exec(ctx), graphql.GetErrors(ctx)...))
	r.data = string(r.operation.AppendJSON([]byte("before"), math.MaxInt, nil))
	if n := len("before") + r.operation.Size(); n != len(r.data) {
		t.Errorf("the size is %d, but the data is %s", n, r.data)
	}
	if n, _ := r.operation.Bound(); len("before")+n < len(r.data) {
		t.Errorf("the bound is %d, but the data is %s", n, r.data)
	}
	for _, size := range []int{1, 7, 50, 1000} {
		var pieces strings.Builder
		rest := r.operation.AppendJSON([]byte("before"), size, func(piece []byte) ([]byte, bool) {
			pieces.Write(piece)
			return piece[:0], true
		})
		if pieces.Write(rest); pieces.String() != r.data {
			t.Errorf("in pieces of %d bytes the data is %s", size, &pieces)
		}
		flushes := 0
		r.operation.AppendJSON(nil, size, func(piece []byte) ([]byte, bool) {
			flushes++
			return piece[:0], flushes < 2
		})
		if flushes > 2 {
			t.Errorf("%d pieces of %d bytes were passed on, of which the second was the last one that was wanted", flushes, size)
		}
	}
	return r
}

func TestLane(t *testing.T) {
	const removed = "query($no: Boolean!) { a: searchChats { totalCount } b: searchChats @include(if: $no) { totalCount } }"
	for _, test := range []struct {
		name, document string
		single         bool
		late           int // connections
		errors         int
		data           string
	}{
		{"one search is resolved alone and written late", "{ searchChats { nodes { id } } }",
			true, 1, 0, `{"searchChats":{"nodes":[{"id":"a"},{"id":"b"}]}}`},
		{"one search has its alias for a response key", "{ found: searchChats { totalCount } }",
			true, 1, 0, `{"found":{"totalCount":2}}`},
		{"equal response keys are one search", "{ searchChats { totalCount } ...A } fragment A on Query { searchChats { nodes { id } } }",
			true, 1, 0, `{"searchChats":{"totalCount":2,"nodes":[{"id":"a"},{"id":"b"}]}}`},
		{"a search that @include removes does not count", removed,
			true, 1, 0, `{"a":{"totalCount":2}}`},
		{"several searches are written late, each in its place", "{ a: searchChats { totalCount } b: searchChats { nodes { title } } c: searchChats { nodes { id } } }",
			false, 3, 0, `{"a":{"totalCount":2},"b":{"nodes":[{"title":"A"},{"title":null}]},"c":{"nodes":[{"id":"a"},{"id":"b"}]}}`},
		{"other fields stand between searches", "{ x: __typename a: searchChats { __typename } y: __typename b: searchChats { totalCount } z: __typename }",
			false, 2, 0, `{"x":"Query","a":{"__typename":"ChatConnection"},"y":"Query","b":{"totalCount":2},"z":"Query"}`},
		{"no search is written late if there is none", "{ __typename }",
			false, 0, 0, `{"__typename":"Query"}`},
		{"a search beside introspection is written late", "{ searchChats { totalCount } __schema { queryType { name } } }",
			false, 1, 0, `{"searchChats":{"totalCount":2},"__schema":{"queryType":{"name":"Query"}}}`},
		{"one search that fails is null", "{ searchChats(first: -1) { totalCount } }",
			true, 0, 1, `{"searchChats":null}`},
		{"a search that fails is null, and the other is not", "{ a: searchChats(first: -1) { totalCount } b: searchChats { totalCount } }",
			false, 1, 1, `{"a":null,"b":{"totalCount":2}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := execute(t, test.document, map[string]any{"no": false})
			if r.data != "before"+test.data {
				t.Errorf("got  %s\nwant %s", r.data, test.data)
			}
			if r.operation.IsSingle() != test.single || len(r.operation.late) != test.late {
				t.Errorf("single: %v; %d connections are written late", r.operation.IsSingle(), len(r.operation.late))
			}
			if r.errors != test.errors || r.fallbacks != 0 {
				t.Errorf("%d errors, %d fallbacks", r.errors, r.fallbacks)
			}
		})
	}
}
