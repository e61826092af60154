// Package rule has the one error for values that break a rule: arguments of a
// query, parts of a filter or a scope, settings, fields of Texter's answers.
package rule

import "errors"

// Error says which value breaks which rule. It never quotes the value.
type Error struct {
	// Name names the value as the person who gave it knows it, such as the
	// argument page.first, the setting texter-timeout or the field data[3].status.
	Name string
	// Rule says what the value must be.
	Rule string
	// Kind tells this error from others by errors.Is; nil for an ordinary one.
	Kind error
}

// New makes an ordinary error.
func New(name, rule string) *Error { return &Error{Name: name, Rule: rule} }

// Error names the value and its rule.
func (e *Error) Error() string { return e.Name + " " + e.Rule }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

// Within puts the name of what holds the value before its name, and returns the
// error. An error of another type, or none, stays as it is.
func Within(holder string, err error) error {
	if broken, ok := errors.AsType[*Error](err); ok {
		broken.Name = holder + broken.Name
	}
	return err
}
