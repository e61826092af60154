package syntax

import "github.com/vektah/gqlparser/v2/ast"

func (p *parser) selectionSet() (set ast.SelectionSet) {
	p.expect("{")
	p.some("}", func() { set = append(set, p.selection()) })
	return set
}

func (p *parser) selection() ast.Selection {
	start := p.position()
	if !p.skip(spread) {
		return p.field()
	}
	if p.token.kind == name && !p.token.is("on") {
		s := &ast.FragmentSpread{Position: start}
		s.Name = p.nameOf(s)
		s.Directives = p.directives(false)
		return s
	}
	fragment := &ast.InlineFragment{Position: start}
	if p.token.is("on") {
		p.advance()
		fragment.TypeCondition = p.conditionOf(fragment)
	}
	fragment.Directives = p.directives(false)
	fragment.SelectionSet = p.selectionSet()
	return fragment
}

func (p *parser) field() *ast.Field {
	field := &ast.Field{Position: p.position(), Alias: p.name()}
	field.Name = field.Alias
	if p.skip(":") {
		field.Name = p.name()
	}
	field.Arguments = p.arguments(false)
	field.Directives = p.directives(false)
	if p.token.kind == "{" {
		p.document.SelectionSets[field] = p.position()
		field.SelectionSet = p.selectionSet()
	}
	return field
}

// arguments reads arguments, if there are any. Constant ones have no variables.
func (p *parser) arguments(constant bool) (arguments ast.ArgumentList) {
	if !p.skip("(") {
		return nil
	}
	p.some(")", func() {
		argument := &ast.Argument{Position: p.position(), Name: p.name()}
		p.expect(":")
		argument.Value = p.value(constant)
		arguments = append(arguments, argument)
	})
	return arguments
}

func (p *parser) directives(constant bool) (directives ast.DirectiveList) {
	for p.token.kind == "@" {
		directive := &ast.Directive{Position: p.position()}
		p.advance()
		directive.Name = p.name()
		directive.Arguments = p.arguments(constant)
		directives = append(directives, directive)
	}
	return directives
}

// kindsOfValues are those of values that are one token.
var kindsOfValues = map[kind]ast.ValueKind{
	intValue: ast.IntValue, floatValue: ast.FloatValue, stringValue: ast.StringValue, blockString: ast.BlockValue, name: ast.EnumValue,
}

func (p *parser) value(constant bool) *ast.Value {
	v := &ast.Value{Position: p.position()}
	switch p.token.kind {
	case "[":
		v.Kind = ast.ListValue
		for p.advance(); !p.skip("]"); {
			v.Children = append(v.Children, &ast.ChildValue{Value: p.value(constant)})
		}
	case "{":
		v.Kind = ast.ObjectValue
		for p.advance(); !p.skip("}"); {
			v.Children = append(v.Children, p.objectField(constant))
		}
	case "$":
		start := p.advance()
		if constant {
			p.unexpected(start)
		}
		v.Kind, v.Raw = ast.Variable, p.name()
	default:
		k, ok := kindsOfValues[p.token.kind]
		if !ok {
			p.unexpected(p.token)
		}
		t := p.advance()
		v.Kind, v.Raw = k, t.value
		switch {
		case t.is("true"), t.is("false"):
			v.Kind = ast.BooleanValue
		case t.is("null"):
			v.Kind = ast.NullValue
		}
	}
	return v
}

func (p *parser) objectField(constant bool) *ast.ChildValue {
	field := &ast.ChildValue{Position: p.position(), Name: p.name()}
	p.expect(":")
	field.Value = p.value(constant)
	return field
}
