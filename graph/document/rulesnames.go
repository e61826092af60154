package document

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"

	"texter-graphql/graph/document/syntax"
)

// The rules in the files rules*.go stand in for those of gqlparser, which report
// the same but place it otherwise than graphql-js: at the node around what is
// wrong, and at the last of several places. It also reports an error in a fragment
// once for each spread of it; validate leaves out what is reported again.

// check holds one document to the rules of section 5.
type check struct {
	document *syntax.Document
	suggests bool
}

// add adds an error about a name, with the names that are similar to it.
func (c *check) add(addError core.AddErrFunc, message core.ErrorOption, name string, options func() []string, at *ast.Position) {
	if !c.suggests {
		addError(message, core.At(at))
		return
	}
	addError(message, core.SuggestListQuoted("Did you mean", name, options()), core.At(at))
}

// knownTypeNames: section 5.5.1.2, and 5.8.2.
func (c *check) knownTypeNames(events *core.Events, addError core.AddErrFunc) {
	known := func(w *core.Walker, name string, at *ast.Position) {
		if name == "" || w.Schema.Types[name] != nil {
			return
		}
		c.add(addError, core.Message(`Unknown type %q.`, name), name, func() []string {
			return slices.Sorted(maps.Keys(w.Schema.Types))
		}, at)
	}
	events.OnVariable(func(w *core.Walker, v *ast.VariableDefinition) {
		t := v.Type
		for t.Elem != nil {
			t = t.Elem
		}
		known(w, t.NamedType, t.Position)
	})
	events.OnInlineFragment(func(w *core.Walker, f *ast.InlineFragment) { known(w, f.TypeCondition, c.document.Conditions[f]) })
	events.OnFragment(func(w *core.Walker, f *ast.FragmentDefinition) { known(w, f.TypeCondition, c.document.Conditions[f]) })
}

// fragmentsOnCompositeTypes: section 5.5.1.3.
func (c *check) fragmentsOnCompositeTypes(events *core.Events, addError core.AddErrFunc) {
	composite := func(w *core.Walker, name string, at *ast.Position) {
		if t := w.Schema.Types[name]; t != nil && !t.IsCompositeType() {
			addError(core.Message("A fragment cannot be on type %q, which has no fields.", name), core.At(at))
		}
	}
	events.OnInlineFragment(func(w *core.Walker, f *ast.InlineFragment) { composite(w, f.TypeCondition, c.document.Conditions[f]) })
	events.OnFragment(func(w *core.Walker, f *ast.FragmentDefinition) {
		composite(w, f.TypeCondition, c.document.Conditions[f])
	})
}

// knownFragmentNames: section 5.5.2.1.
func (c *check) knownFragmentNames(events *core.Events, addError core.AddErrFunc) {
	events.OnFragmentSpread(func(_ *core.Walker, spread *ast.FragmentSpread) {
		if spread.Definition == nil {
			addError(core.Message("Unknown fragment %q.", spread.Name), core.At(c.document.Names[spread]))
		}
	})
}

// usedFragments: section 5.5.1.4. gqlparser also counts the spreads in fragments
// that are not used themselves.
func (c *check) usedFragments(events *core.Events, addError core.AddErrFunc) {
	used := map[string]bool{}
	events.OnFragmentSpread(func(w *core.Walker, spread *ast.FragmentSpread) {
		if w.CurrentOperation != nil {
			used[spread.Name] = true
		}
	})
	events.OnFragment(func(_ *core.Walker, f *ast.FragmentDefinition) { // after all operations
		if !used[f.Name] {
			addError(core.Message("Fragment %q is never used.", f.Name), core.At(f.Position))
		}
	})
}

// leafSelections: section 5.3.3.
func (c *check) leafSelections(events *core.Events, addError core.AddErrFunc) {
	events.OnField(func(w *core.Walker, f *ast.Field) {
		if f.Definition == nil || !hasFields(f.ObjectDefinition) {
			return
		}
		t := w.Schema.Types[f.Definition.Type.Name()]
		switch {
		case t == nil:
		case t.IsLeafType() && f.SelectionSet != nil:
			addError(core.Message(`Field %q must not have a selection since type %q has no subfields.`, f.Name, t.Name), core.At(c.document.SelectionSets[f]))
		case !t.IsLeafType() && f.SelectionSet == nil && c.suggests:
			addError(core.Message(`Field %q of type %q must have a selection of subfields.`, f.Name, f.Definition.Type.String()), core.Suggestf(`"%s { ... }"`, f.Name), core.At(f.Position))
		case !t.IsLeafType() && f.SelectionSet == nil:
			addError(core.Message(`Field %q of type %q must have a selection of subfields.`, f.Name, f.Definition.Type.String()), core.At(f.Position))
		}
	})
}

// hasFields reports whether fields can be selected of a type. The walk gives
// __typename a definition on any other type too.
func hasFields(t *ast.Definition) bool { return t != nil && t.IsCompositeType() }

// knownFields: section 5.3.1. What is selected of a value without fields is the
// error of another rule.
func (c *check) knownFields(events *core.Events, addError core.AddErrFunc) {
	events.OnField(func(_ *core.Walker, f *ast.Field) {
		t := f.ObjectDefinition
		if f.Definition != nil || !hasFields(t) {
			return
		}
		c.add(addError, core.Message("Cannot query field %q on type %q.", f.Name, t.Name), f.Name, func() (names []string) {
			for _, field := range t.Fields {
				if !strings.HasPrefix(field.Name, "__") {
					names = append(names, field.Name)
				}
			}
			return names
		}, f.Position)
	})
}

// knownArguments: section 5.4.1.
func (c *check) knownArguments(events *core.Events, addError core.AddErrFunc) {
	known := func(definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList, of string) {
		for _, a := range arguments {
			if definitions.ForName(a.Name) != nil {
				continue
			}
			c.add(addError, core.Message("Unknown argument %q on %s.", a.Name, of), a.Name, func() (names []string) {
				for _, definition := range definitions {
					names = append(names, definition.Name)
				}
				return names
			}, a.Position)
		}
	}
	events.OnField(func(_ *core.Walker, f *ast.Field) {
		if f.Definition != nil && hasFields(f.ObjectDefinition) {
			known(f.Definition.Arguments, f.Arguments, fmt.Sprintf("field %q", f.ObjectDefinition.Name+"."+f.Name))
		}
	})
	events.OnDirective(func(_ *core.Walker, d *ast.Directive) {
		if d.Definition != nil {
			known(d.Definition.Arguments, d.Arguments, fmt.Sprintf("directive %q", "@"+d.Name))
		}
	})
}
