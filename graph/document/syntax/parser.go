// Package syntax parses executable documents: GraphQL, September 2025, section 2
// and appendix C. It makes the syntax tree of gqlparser, whose own parser follows
// the grammar less closely:
//
//   - it takes 1a for a number and a name, and "\uD800" for a character;
//   - it indents block strings otherwise, and ends them otherwise;
//   - it refuses control characters in strings;
//   - it takes variables for fragments, and strings where names must be;
//   - it places strings, spreads, directives and some errors one token off.
//
// The judge in test/judge compares this package with graphql-js.
package syntax

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// Error says what is wrong with a text.
type Error struct {
	// Message says what was expected or found. It holds nothing of the text: that
	// can be the value of an argument.
	Message string
	// Line and Column are where, from 1. Columns are counted in UTF-16 code units.
	Line, Column int
	// TooManyTokens says that the text has more tokens than it may.
	TooManyTokens bool
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Document is a document, with the places that gqlparser's syntax tree leaves out.
type Document struct {
	*ast.QueryDocument
	// Names are where names begin, by node: of operations, variable definitions,
	// fragments and their spreads.
	Names map[any]*ast.Position
	// Conditions are where type conditions begin, by fragment.
	Conditions map[any]*ast.Position
	// SelectionSets are where those of fields begin.
	SelectionSets map[*ast.Field]*ast.Position
}

// Parse parses the text of an executable document, which is valid UTF-8. It stops
// after so many tokens, comments among them. Nesting is bounded by them too.
func Parse(text string, maxTokens int) (document *Document, err *Error) {
	defer func() {
		if stopped := recover(); stopped != nil {
			var ok bool
			if err, ok = stopped.(*Error); !ok {
				panic(stopped)
			}
			document = nil
		}
	}()
	document = &Document{&ast.QueryDocument{}, map[any]*ast.Position{}, map[any]*ast.Position{}, map[*ast.Field]*ast.Position{}}
	p := parser{document: document, source: &ast.Source{Input: text}, lexer: lexer{text: text, place: place{line: 1, column: 1}, limit: maxTokens}}
	p.token = p.lexer.next()
	document.Position = p.position()
	for {
		p.definition()
		if p.token.kind == endOfFile {
			return document, nil
		}
	}
}

// parser reads a document by recursive descent.
type parser struct {
	document *Document
	source   *ast.Source
	lexer    lexer
	token    token // the current one
}

// position is where the current token begins.
func (p *parser) position() *ast.Position { return p.at(p.token) }

func (p *parser) at(t token) *ast.Position {
	return &ast.Position{Line: t.place.line, Column: t.place.column, Src: p.source}
}

// advance returns the current token, and goes to the next.
func (p *parser) advance() token {
	t := p.token
	p.token = p.lexer.next()
	return t
}

func (p *parser) fail(t token, message string) {
	panic(&Error{Message: message, Line: t.place.line, Column: t.place.column})
}

func (p *parser) unexpected(t token) { p.fail(t, "Unexpected "+string(t.kind)) }

func (p *parser) expect(k kind) token {
	if p.token.kind != k {
		p.fail(p.token, "Expected "+string(k)+", found "+string(p.token.kind))
	}
	return p.advance()
}

func (p *parser) expectKeyword(keyword string) {
	if !p.token.is(keyword) {
		p.fail(p.token, "Expected "+strconv.Quote(keyword)+", found "+string(p.token.kind))
	}
	p.advance()
}

// skip reports whether the current token is of a kind, and goes to the next one
// if so.
func (p *parser) skip(k kind) bool {
	if p.token.kind != k {
		return false
	}
	p.advance()
	return true
}

// some reads one or more items up to a closing token; the opening one is read.
func (p *parser) some(end kind, item func()) {
	for item(); !p.skip(end); {
		item()
	}
}

func (p *parser) name() string { return p.expect(name).value }

// nameOf reads the name of a node, and notes where it begins.
func (p *parser) nameOf(node any) string {
	p.document.Names[node] = p.position()
	return p.name()
}

// conditionOf reads the type condition of a fragment, and notes where it begins.
func (p *parser) conditionOf(fragment any) string {
	p.document.Conditions[fragment] = p.position()
	return p.name()
}

// definition reads an operation or a fragment. Definitions of types are no part
// of an executable document.
func (p *parser) definition() {
	document := p.document
	start := p.token
	if start.kind == "{" {
		document.Operations = append(document.Operations, &ast.OperationDefinition{
			Position: p.position(), Operation: ast.Query, SelectionSet: p.selectionSet(),
		})
		return
	}
	description := p.description()
	switch {
	case p.token.is("query"), p.token.is("mutation"), p.token.is("subscription"):
		operation := p.operation()
		operation.Description, operation.Position = description, p.at(start)
		document.Operations = append(document.Operations, operation)
	case p.token.is("fragment"):
		fragment := p.fragment()
		fragment.Description, fragment.Position = description, p.at(start)
		document.Fragments = append(document.Fragments, fragment)
	case p.token.kind == name || p.token.kind == "{":
		p.unexpected(start)
	default:
		p.unexpected(p.token)
	}
}

func (p *parser) description() string {
	if p.token.kind != stringValue && p.token.kind != blockString {
		return ""
	}
	return p.advance().value
}

func (p *parser) operation() *ast.OperationDefinition {
	operation := &ast.OperationDefinition{Operation: ast.Operation(p.advance().value)}
	if p.token.kind == name {
		operation.Name = p.nameOf(operation)
	}
	if p.skip("(") {
		p.some(")", func() {
			operation.VariableDefinitions = append(operation.VariableDefinitions, p.variableDefinition())
		})
	}
	operation.Directives = p.directives(false)
	operation.SelectionSet = p.selectionSet()
	return operation
}

func (p *parser) variableDefinition() *ast.VariableDefinition {
	v := &ast.VariableDefinition{Position: p.position(), Description: p.description()}
	p.expect("$")
	v.Variable = p.nameOf(v)
	p.expect(":")
	v.Type = p.typeReference()
	if p.skip("=") {
		v.DefaultValue = p.value(true)
	}
	v.Directives = p.directives(true)
	return v
}

func (p *parser) typeReference() *ast.Type {
	t := &ast.Type{Position: p.position()}
	if p.skip("[") {
		t.Elem = p.typeReference()
		p.expect("]")
	} else {
		t.NamedType = p.name()
	}
	t.NonNull = p.skip("!")
	return t
}

func (p *parser) fragment() *ast.FragmentDefinition {
	p.expectKeyword("fragment")
	if p.token.is("on") {
		p.unexpected(p.token)
	}
	fragment := &ast.FragmentDefinition{}
	fragment.Name = p.nameOf(fragment)
	p.expectKeyword("on")
	fragment.TypeCondition = p.conditionOf(fragment)
	fragment.Directives = p.directives(false)
	fragment.SelectionSet = p.selectionSet()
	return fragment
}
