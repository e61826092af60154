package limits_test

import (
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/limits"
)

var schema = generated.NewExecutableSchema(generated.Config{}).Schema()

// cost is the cost of a valid document's first operation.
func cost(t *testing.T, text string, variables map[string]any) int {
	t.Helper()
	document, err := gqlparser.LoadQueryWithRules(schema, text, nil)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return limits.CostOf(schema, document, document.Operations[0]).Requested(variables)
}

// TestCost works costs out by hand.
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
		"{searchChats(first:-4){nodes{id}}}":                                                  2,
		"{searchChats(first:2147483647){nodes{id}}}":                                          2 + 10000*2,
		"{searchChats(first:9999999999){nodes{id}}}":                                          2 + 10000*2,
		"{searchChats(first:5){pageInfo{hasNextPage}}}":                                       3,
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
		if got := cost(t, text, variables); got != want {
			t.Errorf("%s costs %d, want %d", text, got, want)
		}
	}
}

// TestNewFieldsCostRows: a field of a connection that the costs do not know is
// taken to need the rows.
func TestNewFieldsCostRows(t *testing.T) {
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
			document, err := gqlparser.LoadQueryWithRules(extended, text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := limits.CostOf(extended, document, document.Operations[0]).Requested(nil); got != want {
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

// TestTheLargestPage may have all fields: the schema promises it.
func TestTheLargestPage(t *testing.T) {
	for _, text := range []string{
		"{searchChats(first:10000){totalCount pageInfo{" + everything("PageInfo") + "} nodes{" + everything("Chat") + "}}}",
		"{searchChats(first:10000){totalCount pageInfo{" + everything("PageInfo") + "} edges{" + everything("ChatEdge") + "}}}",
	} {
		if err := (limits.Limits{}).CheckCost(cost(t, text, nil)); err != nil {
			t.Error(err)
		}
	}
	if err := (limits.Limits{Cost: 100}).CheckCost(cost(t, "{searchChats{nodes{id name title image}}}", nil)); err == nil {
		t.Error("a limit of 100 lets 152 pass")
	}
}

// TestEverySearchIsCosted: a field that takes first and last is one that the
// cost knows the rows of.
func TestEverySearchIsCosted(t *testing.T) {
	for _, definition := range schema.Types {
		for _, f := range definition.Fields {
			if f.Arguments.ForName("first") != nil && (definition != schema.Query || f.Type.Name() != "ChatConnection") {
				t.Errorf("%s.%s", definition.Name, f.Name)
			}
			if f.Type.Elem != nil && schema.Types[f.Type.Name()].Kind == ast.Object && definition.Name != "ChatConnection" && definition.Name[:2] != "__" {
				t.Errorf("%s.%s is a list of a size that is not known", definition.Name, f.Name)
			}
		}
	}
}
