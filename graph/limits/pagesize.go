package limits

import (
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/relay"
)

// pageSize returns how many rows a search asks for. If the arguments contradict
// each other, it returns the largest size among them. The resolver refuses such
// arguments later.
func pageSize(search *ast.Field, variables map[string]any) int {
	size, given := 0, false
	take := func(name string, value any) {
		if n, ok := value.(int64); ok && (name == "first" || name == "last") {
			size, given = max(size, int(min(n, relay.MaxSize))), true
		}
	}
	for _, argument := range search.Arguments {
		value, _ := argument.Value.Value(variables) // never fails for a valid document
		take(argument.Name, value)
		page, _ := value.(map[string]any) // no input object but PageInput has first or last
		for name, value := range page {
			take(name, value)
		}
	}
	if !given {
		return relay.DefaultSize
	}
	return size
}
