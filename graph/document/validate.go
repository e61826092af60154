package document

import (
	"slices"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// maxErrors is how many errors of a document are told.
const maxErrors = 10

// maxSuggestedBytes bounds documents for which names are suggested: the search
// for similar names takes long where names are.
const maxSuggestedBytes = 8 << 10

// commonRules are the rules of the specification that suggest nothing. The
// rule that fields can be merged is our own: see mergeRule.
var commonRules = []core.Rule{
	rules.FragmentsOnCompositeTypesRule, rules.KnownDirectivesRule, rules.KnownFragmentNamesRule, rules.KnownRootTypeRule,
	rules.LoneAnonymousOperationRule, rules.MaxIntrospectionDepth, rules.NoFragmentCyclesRule, rules.NoUndefinedVariablesRule,
	rules.NoUnusedFragmentsRule, rules.NoUnusedVariablesRule, rules.PossibleFragmentSpreadsRule, rules.ProvidedRequiredArgumentsRule,
	rules.SingleFieldSubscriptionsRule, rules.UniqueArgumentNamesRule, rules.UniqueDirectivesPerLocationRule,
	rules.UniqueFragmentNamesRule, rules.UniqueInputFieldNamesRule, rules.UniqueOperationNamesRule, rules.UniqueVariableNamesRule,
	rules.VariablesAreInputTypesRule, rules.VariablesInAllowedPositionRule, mergeRule,
}

var suggestingRules = []core.Rule{
	rules.FieldsOnCorrectTypeRule, rules.KnownArgumentNamesRule, rules.KnownTypeNamesRule, rules.ScalarLeafsRule,
	withoutValues(rules.ValuesOfCorrectTypeRule),
}

var plainRules = []core.Rule{
	rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.KnownArgumentNamesRuleWithoutSuggestions,
	rules.KnownTypeNamesRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions,
	withoutValues(rules.ValuesOfCorrectTypeRuleWithoutSuggestions),
}

// rules are those for a document of this size.
func (l *Loader) rules(size int) []core.Rule {
	specific := suggestingRules
	if l.options.DisableSuggestions || size > maxSuggestedBytes {
		specific = plainRules
	}
	all := slices.Concat(commonRules, specific)
	if l.options.DisableIntrospection {
		all = append(all, noIntrospectionRule)
	}
	return all
}

// enough ends a validation that has found maxErrors.
type enough struct{}

// validate returns what is wrong with a document, up to maxErrors.
func (l *Loader) validate(d *ast.QueryDocument, size int) (errs gqlerror.List) {
	defer func() {
		if stopped := recover(); stopped != nil && stopped != any(enough{}) {
			panic(stopped)
		}
	}()
	events := &core.Events{}
	for _, rule := range l.rules(size) {
		rule.RuleFunc(events, func(options ...core.ErrorOption) {
			err := &gqlerror.Error{Rule: rule.Name}
			for _, option := range options {
				option(err)
			}
			errcode.Set(err, errcode.ValidationFailed)
			if errs = append(errs, err); len(errs) == maxErrors {
				panic(enough{})
			}
		})
	}
	validator.Walk(l.options.Schema, d, events)
	return errs
}

// noIntrospectionRule refuses the meta fields that tell the schema.
var noIntrospectionRule = core.Rule{Name: "NoIntrospection", RuleFunc: func(events *core.Events, addError core.AddErrFunc) {
	events.OnField(func(_ *core.Walker, field *ast.Field) {
		if field.Name == "__schema" || field.Name == "__type" {
			addError(core.Message("Introspection is turned off."), core.At(field.Position))
		}
	})
}}
