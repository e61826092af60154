package graph

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// keptSelections is how many selections are kept.
const keptSelections = 250

// selection is what an operation selects: all of it that depends on no value of
// a request but those of @skip and @include.
type selection struct {
	// rootFields are the fields of the query type, by the schema's names, each
	// once, in order.
	rootFields []string
	// plans are those of the connections among them.
	plans map[*ast.Field]*plan
	// alone is the only one, if that is a search that package encode covers; else
	// nil.
	alone *graphql.CollectedField
}

// selections keeps what operations select.
type selections struct {
	kept *lru.Cache[selectionKey, *selection]
}

// selectionKey is what a selection depends on.
type selectionKey struct {
	operation  *ast.OperationDefinition
	conditions string // the values of the operation's Boolean variables
}

func newSelections() *selections {
	kept, err := lru.New[selectionKey, *selection](keptSelections)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &selections{kept}
}

func (s *selections) of(op *graphql.OperationContext) *selection {
	key := selectionKey{op.Operation, conditions(op)}
	if found, ok := s.kept.Get(key); ok {
		return found
	}
	made := newSelection(op)
	s.kept.Add(key, made)
	return made
}

func newSelection(op *graphql.OperationContext) *selection {
	s := &selection{plans: map[*ast.Field]*plan{}}
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"})
	for _, field := range fields {
		s.rootFields = append(s.rootFields, field.Name)
		if field.Definition.Type.Name() == "ChatConnection" {
			s.plans[field.Field] = newPlan(op, field)
		}
	}
	if len(fields) == 1 && len(fields[0].Deferrables) == 0 {
		if p := s.plans[fields[0].Field]; p != nil && p.Plan != nil {
			s.alone = &fields[0]
		}
	}
	slices.Sort(s.rootFields)
	s.rootFields = slices.Compact(s.rootFields)
	return s
}

// conditions are the values of the variables that @skip and @include can take.
func conditions(op *graphql.OperationContext) string {
	var values []byte
	for _, v := range op.Operation.VariableDefinitions {
		if v.Type.Name() != "Boolean" {
			continue
		}
		if on, _ := op.Variables[v.Variable].(bool); on {
			values = append(values, '1')
		} else {
			values = append(values, '0')
		}
	}
	return string(values)
}

// countsOnly reports whether a connection is asked for nothing that its chats
// are needed for.
func countsOnly(op *graphql.OperationContext, connection graphql.CollectedField) bool {
	for _, field := range graphql.CollectFields(op, connection.Selections, []string{"ChatConnection"}) {
		switch field.Name {
		case "edges", "nodes":
			return false
		case "pageInfo":
			for _, info := range graphql.CollectFields(op, field.Selections, []string{"PageInfo"}) {
				if info.Name == "startCursor" || info.Name == "endCursor" {
					return false
				}
			}
		}
	}
	return true
}
