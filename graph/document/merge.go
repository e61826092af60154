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
// with the first of its key and its parent type. The bound on an operation's fields
// bounds it.
var mergeRule = core.Rule{Name: "OverlappingFieldsCanBeMerged", RuleFunc: func(events *core.Events, addError core.AddErrFunc) {
	events.OnOperation(func(_ *core.Walker, operation *ast.OperationDefinition) {
		m := merge{addError}
		m.merge([]ast.SelectionSet{operation.SelectionSet})
	})
}}

type merge struct{ addError core.AddErrFunc }

// mergedField is the fields of one response key and one parent type.
type mergedField struct {
	first *ast.Field
	sets  []ast.SelectionSet
}

// merge looks at the selection sets of one object.
func (m merge) merge(sets []ast.SelectionSet) {
	var fields []*mergedField
	byKey := map[string][]*mergedField{} // one for each parent type: a union has several
	each(sets, func(f *ast.Field) {
		merged := m.find(byKey[f.Alias], f)
		switch {
		case merged == nil:
			merged = &mergedField{first: f}
			byKey[f.Alias] = append(byKey[f.Alias], merged)
			fields = append(fields, merged)
		default:
			if reason := conflict(merged.first, f); reason != "" {
				m.fail(f, reason)
				return
			}
		}
		if len(f.SelectionSet) > 0 {
			merged.sets = append(merged.sets, f.SelectionSet)
		}
	})
	for _, merged := range fields {
		if len(merged.sets) > 0 {
			m.merge(merged.sets)
		}
		if groups := byKey[merged.first.Alias]; len(groups) > 1 && groups[0] == merged {
			m.alike(sets, merged.first.Alias)
		}
	}
}

// find returns the merged fields of a field's parent type; nil if there are none.
func (m merge) find(groups []*mergedField, f *ast.Field) *mergedField {
	for _, merged := range groups {
		if merged.first.ObjectDefinition == f.ObjectDefinition {
			return merged
		}
	}
	return nil
}

// alike looks at fields of one response key whose parent types differ, so that only
// one of them is in a response. Their values must be of like types: SameResponseShape.
// An empty key stands for all.
func (m merge) alike(sets []ast.SelectionSet, key string) {
	byKey := map[string]*mergedField{}
	each(sets, func(f *ast.Field) {
		if key != "" && f.Alias != key {
			return
		}
		merged := byKey[f.Alias]
		switch {
		case merged == nil:
			merged = &mergedField{first: f}
			byKey[f.Alias] = merged
		case !alikeTypes(merged.first, f):
			m.fail(f, "types")
			return
		}
		if len(f.SelectionSet) > 0 {
			merged.sets = append(merged.sets, f.SelectionSet)
		}
	})
	for _, merged := range byKey {
		if len(merged.sets) > 1 {
			m.alike(merged.sets, "")
		}
	}
}

// alikeTypes reports whether the values of two fields are equally wrapped, and both
// objects or of the same scalar or enum.
func alikeTypes(a, b *ast.Field) bool {
	if a.Definition == nil || b.Definition == nil {
		return true // a field that does not exist: another rule's
	}
	s, t := a.Definition.Type, b.Definition.Type
	for ; s.Elem != nil && t.Elem != nil; s, t = s.Elem, t.Elem {
		if s.NonNull != t.NonNull {
			return false
		}
	}
	return s.Elem == nil && t.Elem == nil && s.NonNull == t.NonNull &&
		(s.NamedType == t.NamedType || len(a.SelectionSet) > 0 && len(b.SelectionSet) > 0)
}

func (m merge) fail(f *ast.Field, reason string) {
	m.addError(core.Message(`Fields %q conflict because they have different %s. Use different aliases.`, f.Alias, reason), core.At(f.Position))
}

// each yields the fields of selection sets, each fragment's once.
func each(sets []ast.SelectionSet, yield func(*ast.Field)) {
	seen := map[string]bool{}
	for _, set := range sets {
		collect(set, seen, yield)
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
