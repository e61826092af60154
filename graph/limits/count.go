package limits

import "github.com/vektah/gqlparser/v2/ast"

// counts are the numbers of aliases and directives in the text of a document, and
// the length of its longest name, in bytes.
type counts struct{ aliases, directives, nameLength int }

// checkCounts errors with an *Exceeded if a document has too many aliases or
// directives in all its operations and fragments together, or too long a name.
func checkCounts(document *ast.QueryDocument) error {
	var c counts
	for _, operation := range document.Operations {
		c.name(operation.Name)
		c.directives += len(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			c.name(variable.Variable)
			c.directives += len(variable.Directives)
		}
		c.count(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		c.name(fragment.Name)
		c.directives += len(fragment.Directives)
		c.count(fragment.SelectionSet)
	}
	if err := bound("aliases", c.aliases, maxAliases); err != nil {
		return err
	}
	if err := bound("nameLength", c.nameLength, maxNameLength); err != nil {
		return err
	}
	return bound("directives", c.directives, maxDirectives)
}

func (c *counts) count(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			c.name(s.Alias)
			if s.Alias != s.Name {
				c.aliases++
			}
			c.directives += len(s.Directives)
			c.count(s.SelectionSet)
		case *ast.InlineFragment:
			c.directives += len(s.Directives)
			c.count(s.SelectionSet)
		case *ast.FragmentSpread:
			c.directives += len(s.Directives)
		}
	}
}

func (c *counts) name(name string) { c.nameLength = max(c.nameLength, len(name)) }
