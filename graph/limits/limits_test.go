package limits_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"texter-graphql/graph/limits"
)

func parse(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	document, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return document
}

func repeat(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("%", fmt.Sprint(i), "^", fmt.Sprint(i+1)).Replace(text))
	}
	return b.String()
}

// TestLimits has documents that are at a limit, and above it.
func TestLimits(t *testing.T) {
	for name, test := range map[string]struct {
		document func(n int) string
		limit    int
	}{
		"rootFields": {func(n int) string { return "{" + repeat(n, "a% ") + "}" }, 10},
		"aliases":    {func(n int) string { return "{a{" + repeat(n, "a%:b ") + "}}" }, 100},
		"directives": {func(n int) string {
			return "query @a {a @b ...@c{a} ...A @d} fragment A on B @e {" + repeat(n-5, "a @f ") + "}"
		}, 100},
		"depth": {func(n int) string {
			return strings.Repeat("{a", n-2) + "{...A}" + strings.Repeat("}", n-2) + "fragment A on B{a{...{a}}}"
		}, 20},
		"fields": {func(n int) string { return "{a{" + repeat(n-1, "a ") + "}}" }, 5000},
	} {
		if err := (limits.Limits{}).Check(parse(t, test.document(test.limit))); err != nil {
			t.Errorf("%s at the limit: %v", name, err)
		}
		err := limits.Limits{}.Check(parse(t, test.document(test.limit+1)))
		exceeded, ok := errors.AsType[*limits.Exceeded](err)
		if !ok || *exceeded != (limits.Exceeded{Name: name, Value: test.limit + 1, Limit: test.limit}) {
			t.Errorf("%s above the limit: %v", name, err)
		}
		if want := fmt.Sprintf("%s %d, limit %d", name, test.limit+1, test.limit); ok && !strings.Contains(exceeded.Error(), want) {
			t.Errorf("%s: %v", name, exceeded)
		}
	}
	if err := (limits.Limits{Depth: 2}).Check(parse(t, "{a{b{c}}}")); err == nil {
		t.Error("a limit of 2 lets a depth of 3 pass")
	}
}

// TestMergedRootFields are one.
func TestMergedRootFields(t *testing.T) {
	if err := (limits.Limits{}).Check(parse(t, "{"+repeat(20, "a{b} ...A ")+"} fragment A on B{a{c}}")); err != nil {
		t.Error(err)
	}
}

// TestSaturation has documents with more fields than numbers.
func TestSaturation(t *testing.T) {
	text := "{...A0} fragment A70 on B{a}" + repeat(70, "fragment A% on B{a{...A^} a{...A^}}")
	exceeded, ok := errors.AsType[*limits.Exceeded](limits.Limits{Depth: 100}.Check(parse(t, text)))
	if !ok || exceeded.Name != "fields" || exceeded.Value != 1<<53-1 {
		t.Errorf("got %v", exceeded)
	}
}

// TestCycles are found, used or not.
func TestCycles(t *testing.T) {
	for _, text := range []string{
		"{...A} fragment A on B{...A}",
		"{a} fragment A on B{...A}",
		"{...A} fragment A on B{a{...A}}",
		"{...A} fragment A on B{...{...C}} fragment C on B{a ...A}",
		"{...A} fragment A on B{...C} fragment C on B{...D ...E} fragment D on B{a} fragment E on B{a{b{...C}}}",
	} {
		if cycle, ok := errors.AsType[*limits.CycleError](limits.Limits{}.Check(parse(t, text))); !ok || !strings.Contains(cycle.Error(), cycle.Fragment) {
			t.Errorf("%s: got %v", text, cycle)
		}
	}
	for _, text := range []string{
		"{...A ...A a{...A}} fragment A on B{...C ...D} fragment C on B{...D} fragment D on B{a}",
		"{...A} fragment A on B{...Unknown}",
		"{...A} fragment A on B{a} fragment A on B{...A}", // a name's first definition counts
	} {
		if err := (limits.Limits{}).Check(parse(t, text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
