package limits

import "github.com/vektah/gqlparser/v2/ast"

// counts are the numbers of aliases and directives in the text of a document.
type counts struct{ aliases, directives int }

// checkCounts errors with an *Exceeded if a document has too many aliases or
// directives in all its operations and fragments together.
func checkCounts(document *ast.QueryDocument) error {
	var c counts
	for _, operation := range document.Operations {
		c.directives += len(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			c.directives += len(variable.Directives)
		}
		c.count(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		c.directives += len(fragment.Directives)
		c.count(fragment.SelectionSet)
	}
	if err := bound("aliases", c.aliases, maxAliases); err != nil {
		return err
	}
	return bound("directives", c.directives, maxDirectives)
}

func (c *counts) count(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
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
