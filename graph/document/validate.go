package document

import (
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"texter-graphql/graph/document/syntax"
)

// maxErrors is how many errors of a document are told.
const maxErrors = 10

// maxSuggestedBytes bounds documents for which names are suggested: the search
// for similar names takes long where names are.
const maxSuggestedBytes = 8 << 10

// rules are those of section 5 for a document. The rule that fields can be merged
// is our own for speed: see mergeRule.
func (l *Loader) rules(document *syntax.Document, size int) []core.Rule {
	c := &check{document, !l.options.DisableSuggestions && size <= maxSuggestedBytes}
	all := []core.Rule{
		mergeRule, rules.KnownDirectivesRule, rules.KnownRootTypeRule, rules.LoneAnonymousOperationRule, rules.MaxIntrospectionDepth,
		rules.PossibleFragmentSpreadsRule, rules.ProvidedRequiredArgumentsRule, rules.SingleFieldSubscriptionsRule,
		{Name: "FieldsOnCorrectType", RuleFunc: c.knownFields},
		{Name: "KnownArgumentNames", RuleFunc: c.knownArguments},
		{Name: "KnownTypeNames", RuleFunc: c.knownTypeNames},
		{Name: "FragmentsOnCompositeTypes", RuleFunc: c.fragmentsOnCompositeTypes},
		{Name: "KnownFragmentNames", RuleFunc: c.knownFragmentNames},
		{Name: "NoUnusedFragments", RuleFunc: c.usedFragments},
		{Name: "ScalarLeafs", RuleFunc: c.leafSelections},
		{Name: "UniqueDefinitionNames", RuleFunc: c.uniqueDefinitionNames},
		{Name: "UniqueArgumentNames", RuleFunc: c.uniqueArguments},
		{Name: "UniqueInputFieldNames", RuleFunc: c.uniqueInputFields},
		{Name: "UniqueDirectivesPerLocation", RuleFunc: c.uniqueDirectives},
		{Name: "VariablesAreInputTypes", RuleFunc: c.variablesAreInputTypes},
		{Name: "NoUnusedVariables", RuleFunc: c.usedVariables},
		{Name: "NoUndefinedVariables", RuleFunc: c.definedVariables},
		{Name: "VariablesInAllowedPosition", RuleFunc: c.variablesInAllowedPosition},
		{Name: "ValuesOfCorrectType", RuleFunc: c.valuesOfCorrectType},
	}
	if l.options.DisableIntrospection {
		all = append(all, noIntrospectionRule)
	}
	return all
}

// enough ends a validation that has found maxErrors.
type enough struct{}

// validate returns what is wrong with a document, up to maxErrors.
func (l *Loader) validate(d *syntax.Document, size int) (errs gqlerror.List) {
	defer func() {
		if stopped := recover(); stopped != nil && stopped != any(enough{}) {
			panic(stopped)
		}
	}()
	events, reported := &core.Events{}, map[string]bool{}
	for _, rule := range l.rules(d, size) {
		rule.RuleFunc(events, func(options ...core.ErrorOption) {
			err := &gqlerror.Error{Rule: rule.Name}
			for _, option := range options {
				option(err)
			}
			if key := fmt.Sprint(err.Message, err.Locations); reported[key] {
				return // of a fragment, which is walked again for each spread
			} else {
				reported[key] = true
			}
			errcode.Set(err, errcode.ValidationFailed)
			if errs = append(errs, err); len(errs) == maxErrors {
				panic(enough{})
			}
		})
	}
	validator.Walk(l.options.Schema, lastFragments(d.QueryDocument), events)
	return errs
}

// lastFragments returns a document in which the last of several fragments of a name
// comes first: gqlparser spreads the first, graphql-js the last.
func lastFragments(d *ast.QueryDocument) *ast.QueryDocument {
	names := map[string]bool{}
	for _, f := range d.Fragments {
		names[f.Name] = true
	}
	if len(names) == len(d.Fragments) {
		return d
	}
	reversed := *d
	reversed.Fragments = slices.Clone(d.Fragments)
	slices.Reverse(reversed.Fragments)
	return &reversed
}

// noIntrospectionRule refuses the meta fields that tell the schema.
var noIntrospectionRule = core.Rule{Name: "NoIntrospection", RuleFunc: func(events *core.Events, addError core.AddErrFunc) {
	events.OnField(func(_ *core.Walker, field *ast.Field) {
		if field.Name == "__schema" || field.Name == "__type" {
			addError(core.Message("Introspection is turned off."), core.At(field.Position))
		}
	})
}}
