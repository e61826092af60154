// Package rule has the error for values that break a rule: arguments of a query,
// parts of a filter or a scope, settings, and fields of Texter's responses.
package rule

import "errors"

// Error says which value breaks which rule. It never quotes the value.
type Error struct {
	// Name is the name of the value for whoever gave it, such as the argument
	// page.first, the setting texter-timeout or the field data[3].status.
	Name string
	// Rule says what the value must be, such as "must not be empty".
	Rule string
	// Kind is the kind of the error, for errors.Is; nil for an ordinary one.
	Kind error
}

// New returns an error without a kind.
func New(name, rule string) *Error { return &Error{Name: name, Rule: rule} }

// Error returns the name and the rule.
func (e *Error) Error() string { return e.Name + " " + e.Rule }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

// Within adds a prefix, such as "filter.", to the name of the value, and returns
// the error. It changes the error itself. It does not change an error of another
// type or nil.
func Within(holder string, err error) error {
	if broken, ok := errors.AsType[*Error](err); ok {
		broken.Name = holder + broken.Name
	}
	return err
}
