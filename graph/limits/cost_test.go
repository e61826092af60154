package limits_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/limits"
)

var schema = generated.NewExecutableSchema(generated.Config{}).Schema()

// costOf returns the cost of the first operation of a valid document.
func costOf(t *testing.T, schema *ast.Schema, text string) limits.Cost {
	t.Helper()
	document, err := gqlparser.LoadQueryWithRules(schema, text, nil)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return limits.Limits{}.CostOf(schema, document, document.Operations[0])
}

// TestCostOfChanges: a change counts as often as there are rows that are watched.
func TestCostOfChanges(t *testing.T) {
	const text = "subscription{chatsChanged{changes{...on ChatLeft{chatId}}}}"
	document, err := gqlparser.LoadQueryWithRules(schema, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	for changes, want := range map[int]int{0: 2 + 100, 7: 2 + 7} {
		cost := limits.Limits{Changes: changes}.CostOf(schema, document, document.Operations[0])
		if got := cost.Requested(nil); got != want {
			t.Errorf("%d rows: %d, want %d", changes, got, want)
		}
	}
}

// TestCost compares costs with ones that were calculated by hand.
func TestCost(t *testing.T) {
	variables := map[string]any{"n": int64(7), "page": map[string]any{"last": int64(3)}, "null": nil}
	for text, want := range map[string]int{
		"{__typename}":               1,
		"{searchChats{totalCount}}":  2,
		"{searchChats{nodes{id}}}":   1 + 1 + 30*(1+1),
		"{searchChats{nodes{name}}}": 1 + 1 + 30*(1+1),
		"{searchChats(first:5){totalCount edges{cursor node{id channel{name}}}}}":             1 + 1 + 1 + 5*(1+1+1+1+1+1),
		"{searchChats(first:5){nodes{id} edges{cursor}}}":                                     1 + 1 + 1 + 5*(1+1+1),
		"{searchChats(first:5){nodes{raw botState{raw}}}}":                                    1 + 1 + 5*(1+8+1+8),
		"{searchChats(first:0){nodes{id}}}":                                                   2,
		"{searchChats(last:4){nodes{id}}}":                                                    2 + 4*2,
		"{searchChats(page:{first:4}){nodes{id}}}":                                            2 + 4*2,
		"{searchChats(page:{skip:4}){nodes{id}}}":                                             2 + 30*2,
		"{searchChats(first:null){nodes{id}}}":                                                2 + 30*2,
		"{searchChats(first:4,last:6){nodes{id}}}":                                            2 + 6*2,
		"{searchChats(last:6,first:4){nodes{id}}}":                                            2 + 6*2,
		"{searchChats(first:6,last:4){nodes{id}}}":                                            2 + 6*2,
		"{searchChats(first:-4){nodes{id}}}":                                                  2,
		"{searchChats(first:2147483647){nodes{id}}}":                                          2 + 10000*2,
		"{searchChats(first:9999999999){nodes{id}}}":                                          2 + 10000*2,
		"{searchChats(first:5){pageInfo{hasNextPage}}}":                                       3,
		"{searchChats(first:5){pageInfo{startCursor}}}":                                       3 + 5,
		"{searchChats(first:5){pageInfo{startCursor hasNextPage}}}":                           4 + 5,
		"{searchChats(first:5){pageInfo{hasNextPage startCursor}}}":                           4 + 5,
		"{searchChats(first:5){pageInfo{startCursor} totalCount}}":                            4 + 5,
		"{searchChats(first:5){pageInfo{...A}}} fragment A on PageInfo{endCursor}":            3 + 5,
		"{a:searchChats(first:5){nodes{id}} b:searchChats(first:6){nodes{id title}}}":         2 + 5*2 + 2 + 6*3,
		"{searchChats(first:5){...A ...A nodes{id}}} fragment A on ChatConnection{nodes{id}}": 1 + 1 + 1 + 5*(1+1+1),
		"{searchChats(first:5){nodes{id @skip(if:true)}}}":                                    2 + 5*2,
		"query($n:Int){searchChats(first:$n){nodes{id}}}":                                     2 + 7*2,
		"query($null:Int){searchChats(first:$null){nodes{id}}}":                               2 + 30*2,
		"query($none:Int){searchChats(first:$none){nodes{id}}}":                               2 + 30*2,
		"query($none:Int=9){searchChats(first:$none){nodes{id}}}":                             2 + 9*2,
		"query($n:Int){searchChats(page:{first:$n}){nodes{id}}}":                              2 + 7*2,
		"query($page:PageInput){searchChats(page:$page){nodes{id}}}":                          2 + 3*2,
		"{__type(name:\"Chat\"){name}}":                                                       1 + 10,
		"{__schema{queryType{name} directives{name}}}":                                        1 + 10 + 10 + 10 + 6*10,
	} {
		t.Run(text, func(t *testing.T) {
			if got := costOf(t, schema, text).Requested(variables); got != want {
				t.Errorf("it costs %d, want %d", got, want)
			}
		})
	}
}

// TestCostSaturates: fragments that spread each other many times cost the highest
// number, and no time.
func TestCostSaturates(t *testing.T) {
	text := "{__type(name:\"\"){...A0}} fragment A70 on __Type{name}" + repeat(70, "fragment A% on __Type{a:ofType{...A^} b:ofType{...A^}}")
	if got := costOf(t, schema, text).Requested(nil); got != 1<<53-1 {
		t.Errorf("it costs %d", got)
	}
}

func TestCostOfIntrospection(t *testing.T) {
	members := 0
	for _, definition := range schema.Types {
		members += len(definition.Fields) + len(definition.EnumValues)
	}
	average := members/len(schema.Types) + 1
	for selection, want := range map[string]int{
		"__schema{types{name}}":                1 + 10 + len(schema.Types)*10,
		"__schema{directives{name}}":           1 + 10 + len(schema.Directives)*10,
		"__type(name:\"\"){fields{name}}":      1 + 10 + average*10,
		"__type(name:\"\"){inputFields{name}}": 1 + 10 + average*10,
		"__type(name:\"\"){enumValues{name}}":  1 + 10 + average*10,
		"__type(name:\"\"){interfaces{name}}":  1 + 10 + 2*10,
		"__type(name:\"\"){ofType{name}}":      1 + 10 + 10,
	} {
		t.Run(selection, func(t *testing.T) {
			if got := costOf(t, schema, "{"+selection+"}").Requested(nil); got != want {
				t.Errorf("it costs %d, want %d", got, want)
			}
		})
	}
}

// TestFullIntrospection: what tools ask for to learn the schema is allowed.
func TestFullIntrospection(t *testing.T) {
	document, err := gqlparser.LoadQueryWithRules(schema, introspection.Query, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := limits.Limits{}
	if err := l.Check(document); err != nil {
		t.Error(err)
	}
	if err := l.CheckCost(l.CostOf(schema, document, document.Operations[0]).Requested(nil)); err != nil {
		t.Error(err)
	}
}

// TestRows has the numbers of rows that operations can read.
func TestRows(t *testing.T) {
	for text, want := range map[string]int{
		"{__typename}": 0,
		"{searchChats(first:5){totalCount pageInfo{hasNextPage}}}":  0,
		"{searchChats(first:0){nodes{id}}}":                         0,
		"{searchChats{nodes{id}}}":                                  30,
		"{searchChats(first:5){pageInfo{startCursor hasNextPage}}}": 5,
		"{a:searchChats(first:5){nodes{id}} b:searchChats(last:6){edges{cursor}} c:searchChats(first:7){totalCount}}": 11,
		"{searchChats(first:5){nodes @skip(if:true){id}}}":                                                            5,
		"query($n:Int){searchChats(first:$n){nodes{id}}}":                                                             7,
	} {
		t.Run(text, func(t *testing.T) {
			if got := costOf(t, schema, text).Rows(map[string]any{"n": int64(7)}); got != want {
				t.Errorf("it reads %d rows, want %d", got, want)
			}
		})
	}
}

// TestConnections has the numbers of root fields that are connections.
func TestConnections(t *testing.T) {
	for text, want := range map[string]int{
		"{__typename}": 0, "{searchChats{totalCount}}": 1, "{labels{id} a:searchChats{nodes{id}} b:searchChats{totalCount}}": 2,
	} {
		if got := costOf(t, schema, text).Connections; got != want {
			t.Errorf("%s has %d, want %d", text, got, want)
		}
	}
}

// TestCostOfNewFields has a schema with fields that package relay does not know.
// They count as fields that need rows.
func TestCostOfNewFields(t *testing.T) {
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	extended := gqlparser.MustLoadSchema(&ast.Source{Input: string(text) + "extend type ChatConnection { added: Int } extend type PageInfo { added: Int }"})
	for text, want := range map[string]int{
		"{searchChats(first:5){__typename totalCount pageInfo{__typename}}}": 1 + 1 + 1 + 2,
		"{searchChats(first:5){totalCount added}}":                           1 + 1 + 1 + 5,
		"{searchChats(first:5){pageInfo{hasNextPage added}}}":                1 + 3 + 5,
	} {
		t.Run(text, func(t *testing.T) {
			if got := costOf(t, extended, text).Requested(nil); got != want {
				t.Errorf("it costs %d, want %d", got, want)
			}
		})
	}
}

// everything selects all fields of a type and those below.
func everything(typeName string) string {
	var b strings.Builder
	for _, f := range schema.Types[typeName].Fields {
		b.WriteString(f.Name + " ")
		if schema.Types[f.Type.Name()].Kind == ast.Object {
			b.WriteString("{" + everything(f.Type.Name()) + "}")
		}
	}
	return b.String()
}

func TestLists(t *testing.T) {
	for text, want := range map[string]int{
		"{labels{id name}}": 1 + 2*10_000,
		"{searchChats(first:3){nodes{labels{id name}}}}": 2 + 3*(1+1+2*2),
	} {
		t.Run(text, func(t *testing.T) {
			if got := costOf(t, schema, text).Requested(nil); got != want {
				t.Errorf("it costs %d, want %d", got, want)
			}
		})
	}
}

func TestCheckCost(t *testing.T) {
	for name, text := range map[string]string{
		"nodes": "{searchChats(first:10000){totalCount pageInfo{" + everything("PageInfo") + "} nodes{" + everything("Chat") + "}}}",
		"edges": "{searchChats(first:10000){totalCount pageInfo{" + everything("PageInfo") + "} edges{" + everything("ChatEdge") + "}}}",
	} {
		t.Run("the default allows the largest page with all fields of "+name, func(t *testing.T) {
			if err := (limits.Limits{}).CheckCost(costOf(t, schema, text).Requested(nil)); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("a setting allows its own cost, and no more", func(t *testing.T) {
		l := limits.Limits{Cost: 100}
		if err := l.CheckCost(100); err != nil {
			t.Error(err)
		}
		exceeded, ok := errors.AsType[*limits.Exceeded](l.CheckCost(101))
		if !ok || *exceeded != (limits.Exceeded{Name: "cost", Value: 101, Limit: 100}) {
			t.Errorf("got %v", exceeded)
		}
	})
}

// TestSchemaHasNoOtherLists: a list of objects, or a field with first, that the
// cost does not know would make operations too cheap.
func TestSchemaHasNoOtherLists(t *testing.T) {
	for _, definition := range schema.Types {
		for _, f := range definition.Fields {
			t.Run(definition.Name+"."+f.Name, func(t *testing.T) {
				if f.Arguments.ForName("first") != nil && (definition != schema.Query || f.Type.Name() != "ChatConnection") {
					t.Error("it is a connection whose rows do not count")
				}
				if f.Type.Elem != nil && schema.Types[f.Type.Name()].Kind == ast.Object && definition.Name != "ChatConnection" && definition.Name[:2] != "__" && f.Type.Name() != "Label" {
					t.Error("it is a list whose size is not known")
				}
			})
		}
	}
}
