package document

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// named is a name, and where it stands.
type named struct {
	name string
	at   *ast.Position
}

// at places an error at several nodes.
func at(positions ...*ast.Position) core.ErrorOption {
	return func(err *gqlerror.Error) { err.Locations = locations(positions...) }
}

// groupOnce reports each name that is there more than once, at all its places.
func groupOnce(addError core.AddErrFunc, message string, all []named) {
	places := map[string][]*ast.Position{}
	for _, n := range all {
		places[n.name] = append(places[n.name], n.at)
	}
	for _, n := range all {
		if positions := places[n.name]; len(positions) > 1 && positions[0] == n.at {
			addError(core.Message(message, n.name), at(positions...))
		}
	}
}

// eachOnce reports each name that is there again, at its place and the first one.
func eachOnce(addError core.AddErrFunc, message string, all []named) {
	first := map[string]*ast.Position{}
	for _, n := range all {
		if before := first[n.name]; before != nil {
			addError(core.Message(message, n.name), at(before, n.at))
		} else {
			first[n.name] = n.at
		}
	}
}

// uniqueOperationNames: section 5.2.2.1. uniqueFragmentNames: section 5.5.1.1.
func (c *check) uniqueDefinitionNames(events *core.Events, addError core.AddErrFunc) {
	var operations, fragments []named
	for _, o := range c.document.Operations {
		if o.Name != "" {
			operations = append(operations, named{o.Name, c.document.Names[o]})
		}
	}
	for _, f := range c.document.Fragments {
		fragments = append(fragments, named{f.Name, c.document.Names[f]})
	}
	eachOnce(addError, "There can be only one operation named %q.", operations)
	eachOnce(addError, "There can be only one fragment named %q.", fragments)
	events.OnOperation(func(_ *core.Walker, o *ast.OperationDefinition) {
		var variables []named
		for _, v := range o.VariableDefinitions {
			variables = append(variables, named{"$" + v.Variable, c.document.Names[v]})
		}
		groupOnce(addError, "There can be only one variable named %q.", variables)
	})
}

// uniqueArguments: section 5.4.2.
func (c *check) uniqueArguments(events *core.Events, addError core.AddErrFunc) {
	unique := func(arguments ast.ArgumentList) {
		var all []named
		for _, a := range arguments {
			all = append(all, named{a.Name, a.Position})
		}
		groupOnce(addError, "There can be only one argument named %q.", all)
	}
	events.OnField(func(_ *core.Walker, f *ast.Field) { unique(f.Arguments) })
	events.OnDirective(func(_ *core.Walker, d *ast.Directive) { unique(d.Arguments) })
}

// uniqueInputFields: section 5.6.3.
func (c *check) uniqueInputFields(events *core.Events, addError core.AddErrFunc) {
	events.OnValue(func(_ *core.Walker, v *ast.Value) {
		if v.Kind != ast.ObjectValue {
			return
		}
		var all []named
		for _, child := range v.Children {
			all = append(all, named{child.Name, child.Position})
		}
		eachOnce(addError, "There can be only one input field named %q.", all)
	})
}

// uniqueDirectives: section 5.7.3.
func (c *check) uniqueDirectives(events *core.Events, addError core.AddErrFunc) {
	events.OnDirectiveList(func(_ *core.Walker, directives []*ast.Directive) {
		var all []named
		for _, d := range directives {
			if d.Definition == nil || !d.Definition.IsRepeatable {
				all = append(all, named{"@" + d.Name, d.Position})
			}
		}
		eachOnce(addError, "The directive %q can only be used once at this location.", all)
	})
}
