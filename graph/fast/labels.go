package fast

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// appendChatLabels appends the labels of a chat. They have a resolver, but a way
// of their own here: all that is known of labels is read before a connection is
// written.
func appendChatLabels(b []byte, f *field, chat *texter.Chat, e *encoding) []byte {
	b = append(b, '[')
	for i, id := range chat.LabelIDs {
		if i > 0 {
			b = append(b, ',')
		}
		if b = appendFieldsOfLabel(b, f.fields, e.labels.FindOrBare(id), e); e.ended {
			return b
		}
	}
	return append(b, ']')
}

// labelType is the name of texter.Label in the schema.
const labelType = "Label"

// isBare reports whether a field of a label takes nothing but the label's id.
func isBare(field string) bool { return field == "id" || field == "__typename" }

// LabelField is a field of a label, and where it stands below a connection.
type LabelField struct {
	// Field is the field in the document.
	Field *ast.Field
	// Path is where it stands in the response.
	Path ast.Path
	// Place is the same by numbers: the position of each field in its object, and
	// of each element in its list. Places are ordered as the response is.
	Place []int
}

// step is a part of the path to a field.
type step struct {
	name     string // of a field; empty for an element of the list
	position int    // of a field in its object
}

// labelPath leads to the first field of a plan that takes more of a label than its
// id.
type labelPath struct {
	steps []step
	field *ast.Field
}

// at is the path for the chat of this index.
func (p *labelPath) at(index int) LabelField {
	f := LabelField{Field: p.field}
	for _, s := range p.steps {
		if s.name == "" {
			f.Path, f.Place = append(f.Path, ast.PathIndex(index)), append(f.Place, index)
			index = 0 // of the label
			continue
		}
		f.Path, f.Place = append(f.Path, ast.PathName(s.name)), append(f.Place, s.position)
	}
	return f
}

// FirstLabel returns the first field of a connection's response that takes more of
// a label than its id. It returns false if there is none, and if no plan covers the
// connection.
func (o *Operation) FirstLabel(field graphql.CollectedField, c *relay.Connection) (first LabelField, ok bool) {
	p := o.selection.plans[field.Field]
	if p == nil || p.label == nil {
		return first, false
	}
	for i, chat := range c.NodeViews() {
		if len(chat.LabelIDs) > 0 {
			return p.label.at(i), true
		}
	}
	return first, false
}
