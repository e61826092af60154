package limits_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"texter-graphql/graph/limits"
)

// parse parses a document without validation.
func parse(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	document, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return document
}

// repeat repeats a text n times, with the number of the repetition for % and the
// next number for ^.
func repeat(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("%", fmt.Sprint(i), "^", fmt.Sprint(i+1)).Replace(text))
	}
	return b.String()
}

// check checks a document, which need not be valid, and returns what it exceeds.
func check(t *testing.T, l limits.Limits, text string) *limits.Exceeded {
	t.Helper()
	err := l.Check(parse(t, text))
	exceeded, ok := errors.AsType[*limits.Exceeded](err)
	if err != nil && !ok {
		t.Errorf("got %v", err)
	}
	return exceeded
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		limit    int
		document func(n int) string
	}{
		"rootFields": {10, func(n int) string { return "{" + repeat(n, "a% ") + "}" }},
		"aliases":    {100, func(n int) string { return "{a{" + repeat(n, "a%:b ") + "}}" }},
		"nameLength": {255, func(n int) string { return "{" + strings.Repeat("a", n) + ":b}" }},
		"directives": {100, func(n int) string {
			return "query($v: T @a) @a {a @b ...@c{a} ...A @d} fragment A on B @e {" + repeat(n-6, "a @f ") + "}"
		}},
		"depth": {20, func(n int) string {
			return strings.Repeat("{a", n-2) + "{...A}" + strings.Repeat("}", n-2) + "fragment A on B{a{...{a}}}"
		}},
		"fields": {5000, func(n int) string { return "{a{" + repeat(n-1, "a ") + "}}" }},
	} {
		t.Run(name+" at the limit are allowed", func(t *testing.T) {
			if exceeded := check(t, limits.Limits{}, test.document(test.limit)); exceeded != nil {
				t.Error(exceeded)
			}
		})
		t.Run(name+" above the limit are refused", func(t *testing.T) {
			exceeded := check(t, limits.Limits{}, test.document(test.limit+1))
			if exceeded == nil || *exceeded != (limits.Exceeded{Name: name, Value: test.limit + 1, Limit: test.limit}) {
				t.Fatalf("got %v", exceeded)
			}
			if want := fmt.Sprintf("%s %d, limit %d", name, test.limit+1, test.limit); !strings.Contains(exceeded.Error(), want) {
				t.Errorf("the message is %v", exceeded)
			}
		})
	}
	t.Run("a setting changes the depth", func(t *testing.T) {
		for _, document := range []string{"{a{b{c}}}", "{a{b{c}} d}", "{d a{d b{c d} d}}", "{d} {a{b{c}}} {d}"} {
			if exceeded := check(t, limits.Limits{Depth: 2}, document); exceeded == nil || *exceeded != (limits.Exceeded{Name: "depth", Value: 3, Limit: 2}) {
				t.Errorf("%s: %v", document, exceeded)
			}
		}
	})
	t.Run("each alias of a field is a root field", func(t *testing.T) {
		if exceeded := check(t, limits.Limits{}, "{"+repeat(11, "a%:b ")+"}"); exceeded == nil || exceeded.Name != "rootFields" {
			t.Errorf("got %v", exceeded)
		}
	})
	t.Run("equal response keys are one root field", func(t *testing.T) {
		if exceeded := check(t, limits.Limits{}, "{"+repeat(20, "a{b} ...A ")+"} fragment A on B{a{c}}"); exceeded != nil {
			t.Error(exceeded)
		}
	})
	t.Run("the fields of all operations count together", func(t *testing.T) {
		if exceeded := check(t, limits.Limits{}, repeat(2, "query q%{a{"+repeat(2500, "a ")+"}}")); exceeded == nil || exceeded.Name != "fields" {
			t.Errorf("got %v", exceeded)
		}
	})
	t.Run("the number of fields saturates", func(t *testing.T) {
		text := "{...A0} fragment A70 on B{a}" + repeat(70, "fragment A% on B{a{...A^} a{...A^}}")
		if exceeded := check(t, limits.Limits{Depth: 100}, text); exceeded == nil || exceeded.Name != "fields" || exceeded.Value != 1<<53-1 {
			t.Errorf("got %v", exceeded)
		}
	})
}

// TestPlacesThatCount: nothing is bounded in one place of a document alone.
func TestPlacesThatCount(t *testing.T) {
	long := strings.Repeat("n", 256)
	for document, want := range map[string]string{
		"query " + long + "{a}":                             "nameLength",
		"query($" + long + ":T){a}":                         "nameLength",
		"{a{..." + long + "}}":                              "",
		"{a} fragment " + long + " on B{a}":                 "nameLength",
		"{a} fragment A on B{" + long + ":a}":               "nameLength",
		"{a{...{" + long + "}}}":                            "nameLength",
		"{a} fragment A on B{" + repeat(101, "a%:b ") + "}": "aliases",
		"{a{...{" + repeat(101, "a%:b ") + "}}}":            "aliases",
		"query Q{a{" + repeat(60, "a%:b ") + "}} query R{a{" + repeat(60, "a%:b ") + "}}": "aliases",
		"query Q" + repeat(101, "@a ") + "{a}":                                            "directives",
		"query($v:T" + repeat(101, "@a ") + "){a}":                                        "directives",
		"{a} fragment A on B" + repeat(101, "@a ") + "{a}":                                "directives",
	} {
		t.Run(document[:20]+"… exceeds: "+want, func(t *testing.T) {
			if exceeded := check(t, limits.Limits{}, document); (exceeded == nil) != (want == "") || exceeded != nil && exceeded.Name != want {
				t.Errorf("got %v", exceeded)
			}
		})
	}
}

func TestCycles(t *testing.T) {
	for name, test := range map[string]struct {
		document string
		isCycle  bool
	}{
		"a fragment that spreads itself":                        {"{...A} fragment A on B{...A}", true},
		"a fragment that nothing spreads but itself":            {"{a} fragment A on B{...A}", true},
		"a fragment that spreads itself in a field":             {"{...A} fragment A on B{a{...A}}", true},
		"two fragments that spread each other":                  {"{...A} fragment A on B{...{...C}} fragment C on B{a ...A}", true},
		"a cycle behind other fragments":                        {"{...A} fragment A on B{...C} fragment C on B{...D ...E} fragment D on B{a} fragment E on B{a{b{...C}}}", true},
		"a second fragment that spreads itself":                 {"{...A} fragment C on B{a} fragment A on B{a{...A}}", true},
		"a fragment that is spread several times":               {"{...A ...A a{...A}} fragment A on B{...C ...D} fragment C on B{...D} fragment D on B{a}", false},
		"a fragment that does not exist":                        {"{...A} fragment A on B{...Unknown}", false},
		"a second fragment of one name, which is never visited": {"{...A} fragment A on B{a} fragment A on B{...A}", false},
	} {
		verb := map[bool]string{true: "is", false: "is not"}[test.isCycle]
		t.Run(name+" "+verb+" a cycle", func(t *testing.T) {
			err := limits.Limits{}.Check(parse(t, test.document))
			cycle, isCycle := errors.AsType[*limits.CycleError](err)
			if isCycle != test.isCycle || !isCycle && err != nil {
				t.Errorf("got %v", err)
			}
			if isCycle && (cycle.Fragment == "" || !strings.Contains(cycle.Error(), `"`+cycle.Fragment+`"`)) {
				t.Errorf("the message is %v", cycle)
			}
		})
	}
}

func TestRootFields(t *testing.T) {
	for name, test := range map[string]struct {
		document string
		want     []string
	}{
		"names are sorted, without duplicates":     {"{b a b}", []string{"a", "b"}},
		"aliases are not names":                    {"{x:b y:a z:b}", []string{"a", "b"}},
		"fields of fragments are among them":       {"{c ...{b} ...A} fragment A on Q{a}", []string{"a", "b", "c"}},
		"fields that @skip removes are among them": {"{a @skip(if:true) b}", []string{"a", "b"}},
		"fields below root fields are not":         {"{a{b}}", []string{"a"}},
		"fields of other operations are not":       {"query Q{a} query R{b}", []string{"a"}},
		"fields of unused fragments are not":       {"{a} fragment A on Q{b}", []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			document := parse(t, test.document)
			if got := limits.RootFields(document, document.Operations[0]); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
