package document

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// mergeRule is the rule that fields of one response key can be merged: GraphQL,
// section 5.3.2. gqlparser's compares all pairs of them, and does so again for
// each inline fragment around: that takes seconds within 1000 tokens. This one
// walks the selections merged, as they are executed, and compares each field
// with the first of its key, which is enough where no type is abstract. The
// bound on an operation's fields bounds it.
var mergeRule = core.Rule{Name: "OverlappingFieldsCanBeMerged", RuleFunc: func(events *core.Events, addError core.AddErrFunc) {
	events.OnOperation(func(_ *core.Walker, operation *ast.OperationDefinition) {
		m := merge{addError}
		m.merge([]ast.SelectionSet{operation.SelectionSet})
	})
}}

type merge struct{ addError core.AddErrFunc }

// mergedField is the fields of one response key on one object.
type mergedField struct {
	first *ast.Field
	sets  []ast.SelectionSet
}

// merge looks at the selection sets of one object.
func (m merge) merge(sets []ast.SelectionSet) {
	var fields []*mergedField
	byKey := map[string]*mergedField{}
	seen := map[string]bool{}
	for _, set := range sets {
		collect(set, seen, func(f *ast.Field) {
			merged := byKey[f.Alias]
			if merged == nil {
				merged = &mergedField{first: f}
				byKey[f.Alias] = merged
				fields = append(fields, merged)
			} else if reason := conflict(merged.first, f); reason != "" {
				m.addError(core.Message(`Fields %q conflict because they have different %s. Use different aliases.`, f.Alias, reason), core.At(f.Position))
				return
			}
			if len(f.SelectionSet) > 0 {
				merged.sets = append(merged.sets, f.SelectionSet)
			}
		})
	}
	for _, merged := range fields {
		if len(merged.sets) > 0 {
			m.merge(merged.sets)
		}
	}
}

// collect yields the fields of a selection set, each fragment's once.
func collect(set ast.SelectionSet, seen map[string]bool, yield func(*ast.Field)) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			yield(s)
		case *ast.InlineFragment:
			collect(s.SelectionSet, seen, yield)
		case *ast.FragmentSpread:
			if s.Definition != nil && !seen[s.Name] {
				seen[s.Name] = true
				collect(s.Definition.SelectionSet, seen, yield)
			}
		}
	}
}

// conflict says in what two fields of one response key differ, if they do.
func conflict(a, b *ast.Field) string {
	switch {
	case a.ObjectDefinition != b.ObjectDefinition: // of a fragment that can't apply: another rule's
		return ""
	case a.Name != b.Name:
		return "names"
	case !slices.EqualFunc(sorted(a.Arguments), sorted(b.Arguments), func(x, y *ast.Argument) bool {
		return x.Name == y.Name && equal(x.Value, y.Value)
	}):
		return "arguments"
	}
	return ""
}

func sorted(arguments ast.ArgumentList) ast.ArgumentList {
	return slices.SortedStableFunc(slices.Values(arguments), func(a, b *ast.Argument) int { return strings.Compare(a.Name, b.Name) })
}

// equal reports whether two values are written alike; the order of an object's
// fields does not matter.
func equal(a, b *ast.Value) bool {
	childrenOfA, childrenOfB := a.Children, b.Children
	if a.Kind == ast.ObjectValue {
		childrenOfA, childrenOfB = sortedFields(childrenOfA), sortedFields(childrenOfB)
	}
	return a.Kind == b.Kind && a.Raw == b.Raw && slices.EqualFunc(childrenOfA, childrenOfB, func(x, y *ast.ChildValue) bool {
		return x.Name == y.Name && equal(x.Value, y.Value)
	})
}

func sortedFields(fields ast.ChildValueList) ast.ChildValueList {
	return slices.SortedStableFunc(slices.Values(fields), func(a, b *ast.ChildValue) int { return strings.Compare(a.Name, b.Name) })
}
