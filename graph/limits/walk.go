package limits

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// saturation is the largest number: the largest integer that every JSON reader
// reads exactly.
const saturation = 1<<53 - 1

// add returns a+b, or saturation if that is smaller. Both are from 0 to saturation.
func add(a, b int) int { return min(a+b, saturation) }

// multiply returns a*b, or saturation if that is smaller. Both are from 0 to
// saturation.
func multiply(a, b int) int {
	if b > 0 && a > saturation/b {
		return saturation
	}
	return a * b
}

// walk visits the fields of a document, those of fragments at each spread.
type walk struct {
	fragments map[string]*ast.FragmentDefinition
	extents   map[*ast.Field]extent // of the selection sets of these fields
}

// extent is the number of fields of a selection set and below it, and how deeply
// they are nested.
type extent struct{ fields, depth int }

func newWalk(document *ast.QueryDocument) *walk {
	w := &walk{map[string]*ast.FragmentDefinition{}, map[*ast.Field]extent{}}
	for _, fragment := range document.Fragments {
		if w.fragments[fragment.Name] == nil { // validation refuses a second fragment of the same name
			w.fragments[fragment.Name] = fragment
		}
	}
	return w
}

// fields yields the fields of a selection set and of its fragments, but not the
// fields below them. It visits each fragment once, as execution does, so it also
// ends if fragments spread themselves.
func (w *walk) fields(set ast.SelectionSet, yield func(*ast.Field)) {
	w.spread(set, map[string]bool{}, yield)
}

func (w *walk) spread(set ast.SelectionSet, seen map[string]bool, yield func(*ast.Field)) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			yield(s)
		case *ast.InlineFragment:
			w.spread(s.SelectionSet, seen, yield)
		case *ast.FragmentSpread:
			if fragment := w.fragments[s.Name]; fragment != nil && !seen[s.Name] {
				seen[s.Name] = true
				w.spread(fragment.SelectionSet, seen, yield)
			}
		}
	}
}

// extent returns the extent of a selection set of a document without cycles.
func (w *walk) extent(set ast.SelectionSet) (total extent) {
	w.fields(set, func(f *ast.Field) {
		below := w.extentBelow(f)
		total.fields = add(total.fields, 1+below.fields)
		total.depth = max(total.depth, 1+below.depth)
	})
	return total
}

func (w *walk) extentBelow(f *ast.Field) extent {
	e, ok := w.extents[f]
	if !ok {
		e = w.extent(f.SelectionSet)
		w.extents[f] = e
	}
	return e
}

// responseKeys returns the number of response keys of a selection set.
func (w *walk) responseKeys(set ast.SelectionSet) int {
	keys := map[string]bool{}
	w.fields(set, func(f *ast.Field) { keys[f.Alias] = true })
	return len(keys)
}

// RootFields returns the names of the root fields that an operation of a valid
// document selects, sorted and without duplicates. It includes fields that @skip or
// @include remove.
func RootFields(document *ast.QueryDocument, operation *ast.OperationDefinition) (names []string) {
	newWalk(document).fields(operation.SelectionSet, func(f *ast.Field) { names = append(names, f.Name) })
	slices.Sort(names)
	return slices.Compact(names)
}

// checkCycles errors with a *CycleError if a fragment spreads itself.
func (w *walk) checkCycles(fragments ast.FragmentDefinitionList) error {
	done := map[string]bool{} // by fragment: false during the visit, true after it
	var visit func(ast.SelectionSet) error
	visit = func(set ast.SelectionSet) (err error) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				err = visit(s.SelectionSet)
			case *ast.InlineFragment:
				err = visit(s.SelectionSet)
			case *ast.FragmentSpread:
				if finished, visited := done[s.Name]; visited && !finished {
					return &CycleError{s.Name}
				} else if fragment := w.fragments[s.Name]; fragment != nil && !visited {
					done[s.Name] = false
					err = visit(fragment.SelectionSet)
					done[s.Name] = true
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	for _, fragment := range fragments {
		spread := ast.SelectionSet{&ast.FragmentSpread{Name: fragment.Name}}
		if err := visit(spread); err != nil {
			return err
		}
	}
	return nil
}
