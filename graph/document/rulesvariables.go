package document

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// variablesAreInputTypes: section 5.8.2.
func (c *check) variablesAreInputTypes(events *core.Events, addError core.AddErrFunc) {
	events.OnVariable(func(_ *core.Walker, v *ast.VariableDefinition) {
		if v.Definition != nil && !v.Definition.IsInputType() {
			addError(core.Message(`Variable "$%s" cannot be of type %q, which is no input type.`, v.Variable, v.Type.String()), core.At(v.Type.Position))
		}
	})
}

// definedVariables: section 5.8.3.
func (c *check) definedVariables(events *core.Events, addError core.AddErrFunc) {
	events.OnValue(func(w *core.Walker, v *ast.Value) {
		operation := w.CurrentOperation
		if operation == nil || v.Kind != ast.Variable || v.VariableDefinition != nil {
			return
		}
		if operation.Name != "" {
			addError(core.Message(`Variable "$%s" is not defined by operation %q.`, v.Raw, operation.Name), at(v.Position, operation.Position))
		} else {
			addError(core.Message(`Variable "$%s" is not defined.`, v.Raw), at(v.Position, operation.Position))
		}
	})
}

// usedVariables: section 5.8.4. Of several variables of one name, gqlparser sees
// the first used alone.
func (c *check) usedVariables(events *core.Events, addError core.AddErrFunc) {
	events.OnOperation(func(_ *core.Walker, operation *ast.OperationDefinition) {
		used := map[string]bool{}
		for _, v := range operation.VariableDefinitions {
			used[v.Variable] = used[v.Variable] || v.Used
		}
		for _, v := range operation.VariableDefinitions {
			if used[v.Variable] {
				continue
			}
			if operation.Name != "" {
				addError(core.Message(`Variable "$%s" is never used in operation %q.`, v.Variable, operation.Name), core.At(v.Position))
			} else {
				addError(core.Message(`Variable "$%s" is never used.`, v.Variable), core.At(v.Position))
			}
		}
	})
}

// variablesInAllowedPosition: section 5.8.5.
func (c *check) variablesInAllowedPosition(events *core.Events, addError core.AddErrFunc) {
	events.OnValue(func(w *core.Walker, v *ast.Value) {
		definition, expected := lastDefinition(w.CurrentOperation, v), v.ExpectedType
		if definition == nil || definition.Definition == nil || expected == nil {
			return
		}
		allowed := *expected
		hasDefault := definition.DefaultValue != nil && definition.DefaultValue.Kind != ast.NullValue
		if hasDefault || v.ExpectedTypeHasDefault {
			allowed.NonNull = false
		}
		if !definition.Type.IsCompatible(&allowed) {
			addError(core.Message(`Variable "$%s" of type %q used in position expecting type %q.`, v.Raw, definition.Type.String(), expected.String()), at(definition.Position, v.Position))
		}
	})
}

// lastDefinition is the definition of a variable: the last one, if there are
// several, as graphql-js has it; nil for another value.
func lastDefinition(operation *ast.OperationDefinition, v *ast.Value) (definition *ast.VariableDefinition) {
	if operation == nil || v.Kind != ast.Variable {
		return nil
	}
	for _, d := range operation.VariableDefinitions {
		if d.Variable == v.Raw {
			definition = d
		}
	}
	return definition
}
