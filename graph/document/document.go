// Package document makes operations that may be executed of the text of
// requests: it parses, bounds and validates documents, in this order, keeps
// those that passed, and coerces variables by the letter of the specification.
//
// It does so in place of gqlgen's executor, which has no place for a bound
// between parsing and validating, repeats the values of arguments and variables
// in its messages, and takes "1" for an Int.
package document

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document/syntax"
	"texter-graphql/graph/limits"
)

// keptDocuments is how many documents are kept, and maxKeptBytes how long the
// text of one may be.
const (
	keptDocuments = 250
	maxKeptBytes  = 16 << 10
)

// Options configure a loader.
type Options struct {
	// Schema is what documents must be of.
	Schema *ast.Schema
	// Limits bound them.
	Limits limits.Limits
	// DisableIntrospection refuses __schema and __type.
	DisableIntrospection bool
	// DisableSuggestions keeps names of the schema that were not asked for out
	// of messages.
	DisableSuggestions bool
	// Trusted are the only documents that are executed; nil for any.
	Trusted *Trusted
}

// Loader loads documents.
type Loader struct {
	options    Options
	kept       *lru.Cache[string, *document]
	registered *lru.Cache[string, string] // texts by their SHA-256
}

// document is one that may be executed.
type document struct {
	*ast.QueryDocument
	text       string
	operations map[*ast.OperationDefinition]analysis
	nonNull    []string // see markNonNull
}

// analysis is what is worked out once of an operation.
type analysis struct {
	cost       limits.Cost
	rootFields []string
}

// NewLoader makes a loader.
func NewLoader(o Options) *Loader { return &Loader{o, newCache[*document](), newCache[string]()} }

func newCache[V any]() *lru.Cache[string, V] {
	cache, err := lru.New[string, V](keptDocuments)
	if err != nil {
		panic(err) // only for a size below one
	}
	return cache
}

// load returns the document of a text, or why it can't be executed.
func (l *Loader) load(text string) (*document, gqlerror.List) {
	if d, ok := l.kept.Get(text); ok {
		return d, nil
	}
	text = strings.Clone(text) // it shares the memory of the request's body, which is not to be kept
	parsed, broken := syntax.Parse(text, limits.MaxTokens)
	if broken != nil {
		return nil, gqlerror.List{syntaxError(broken)}
	}
	if err := l.options.Limits.Check(parsed.QueryDocument); err != nil {
		return nil, gqlerror.List{limitError(err)}
	}
	if errs := l.validate(parsed, len(text)); errs != nil {
		return nil, errs
	}
	markIntegers(parsed.QueryDocument)
	d := &document{parsed.QueryDocument, text, map[*ast.OperationDefinition]analysis{}, markNonNull(parsed.QueryDocument)}
	for _, operation := range parsed.Operations {
		d.operations[operation] = analysis{l.options.Limits.CostOf(l.options.Schema, d.QueryDocument, operation), limits.RootFields(d.QueryDocument, operation)}
	}
	if len(text) <= maxKeptBytes {
		l.kept.Add(text, d)
	}
	return d, nil
}

// Operation is an operation of a request, or what is known of one that can't be
// executed: its fields are nil from where it went wrong.
type Operation struct {
	// Document is the document that has it.
	Document *ast.QueryDocument
	// Definition is the operation itself.
	Definition *ast.OperationDefinition
	// RootFields are the fields of the root type that it selects, by the schema's
	// names, each once, in order. They are read-only.
	RootFields []string
	// Cost is what it costs with these variables.
	Cost *Cost
	// Variables are the values of its variables, coerced, defaults included.
	Variables map[string]any
	nulls     map[string]bool // see setNonNull
}

// Prepare loads the document of a request, coerces its variables, whose objects
// and lists it changes in place, and bounds its cost.
func (l *Loader) Prepare(params *graphql.RawParams) (o Operation, errs gqlerror.List) {
	register, refused := l.resolve(params)
	if refused != nil {
		return o, gqlerror.List{refused}
	}
	d, errs := l.load(params.Query)
	if errs != nil {
		return o, errs
	}
	if register != "" && len(params.Query) <= maxKeptBytes {
		l.registered.Add(strings.Clone(register), d.text)
	}
	o.Document, o.Definition = d.QueryDocument, d.Operations.ForName(params.OperationName)
	if o.Definition == nil {
		return o, gqlerror.List{invalid("The document has no operation of this operationName, or several and there is no operationName.")}
	}
	variables, errs := coerce(l.options.Schema, o.Definition, params.Variables)
	if errs != nil {
		return o, errs
	}
	o.Variables, o.nulls = variables, setNonNull(d.nonNull, o.Definition, variables)
	cost := d.operations[o.Definition].cost
	o.RootFields = d.operations[o.Definition].rootFields
	o.Cost = &Cost{Requested: cost.Requested(variables), Limit: l.options.Limits.MaxCost(), Rows: cost.Rows(variables), Searches: cost.Connections}
	if err := l.options.Limits.CheckCost(o.Cost.Requested); err != nil {
		return o, gqlerror.List{limitError(err)}
	}
	return o, nil
}
