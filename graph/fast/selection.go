package fast

import (
	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

// maxSelections is the largest number of selections that are kept.
const maxSelections = 250

// selection is what an operation selects. It depends on the document and on the
// variables of @skip and @include, but on no other variables.
type selection struct {
	// plans are the plans of the root fields that plans cover.
	plans map[*ast.Field]*plan
	// single is the only root field, if a plan covers it; else nil.
	single *graphql.CollectedField
	// plain says that plans cover all root fields except __typename, and that none
	// of them needs labels.
	plain bool
}

// selections keeps the selections of the operations that were used last.
type selections struct {
	kept *lru.Cache[selectionKey, *selection]
}

// selectionKey is what a selection depends on.
type selectionKey struct {
	operation  *ast.OperationDefinition
	conditions string // the values of the Boolean variables: see conditions
}

func newSelections() *selections {
	kept, err := lru.New[selectionKey, *selection](maxSelections)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &selections{kept}
}

// find returns the selection of an operation. It computes it if it is not kept.
func (s *selections) find(op *graphql.OperationContext) *selection {
	key := selectionKey{op.Operation, conditions(op)}
	if found, ok := s.kept.Get(key); ok {
		return found
	}
	made := newSelection(op)
	s.kept.Add(key, made)
	return made
}

func newSelection(op *graphql.OperationContext) *selection {
	s := &selection{plans: map[*ast.Field]*plan{}, plain: true}
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"})
	for _, field := range fields {
		if p, ok := newPlan(op, field); ok {
			s.plans[field.Field] = p
			s.plain = s.plain && p.label == nil
		} else if field.Name != "__typename" {
			s.plain = false
		}
	}
	if len(fields) == 1 && len(s.plans) == 1 {
		s.single = &fields[0]
	}
	return s
}

// newPlan makes the plan of a root field. It returns false if the field is not a
// connection of chats, or if a plan cannot cover what is selected.
func newPlan(op *graphql.OperationContext, field graphql.CollectedField) (*plan, bool) {
	if field.Definition.Type.NamedType != relay.TypeName {
		return nil, false
	}
	return compilePlan(op, field.Selections)
}

// conditions returns the values of the variables that @skip and @include can use:
// one byte each, which says whether the value is true, false or null.
func conditions(op *graphql.OperationContext) string {
	var values []byte
	for _, v := range op.Operation.VariableDefinitions {
		if v.Type.Name() != "Boolean" {
			continue
		}
		switch op.Variables[v.Variable] {
		case true:
			values = append(values, 't')
		case false:
			values = append(values, 'f')
		default:
			values = append(values, 'n')
		}
	}
	return string(values)
}
