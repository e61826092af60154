// Package scope narrows searches to what a caller may see.
package scope

import (
	"slices"

	"texter-graphql/texter"
)

// Scope is what a caller may see: the chats that all of its parts hold for. An
// empty part does not narrow; the zero value is the whole project.
type Scope struct {
	// Channel is the only business account.
	Channel *texter.ChannelFilter
	// Labels are labels of which a chat carries at least one.
	Labels []string
	// Statuses are the only statuses.
	Statuses []texter.ChatStatus
}

// Error says which part of a filter leads out of the scope.
type Error struct {
	// Field is channel, labels or statuses.
	Field string
	// Rule is what the part must be. It does not say what the scope is.
	Rule string
}

// Error names the part and its rule.
func (e *Error) Error() string { return e.Field + " " + e.Rule }

// Narrow returns the filter for those chats of f that are in the scope. Its
// error is an *Error: the search takes one account, and any of some labels, so
// that there are filters whose chats in the scope no filter can name. They are
// refused, as are those that no chat in the scope can match.
func (s Scope) Narrow(f texter.ChatFilter) (texter.ChatFilter, error) {
	if s.Channel != nil {
		if f.Channel != nil && *f.Channel != *s.Channel {
			return f, &Error{"channel", "must be the account of this credential's scope, or be left out"}
		}
		f.Channel = s.Channel
	}
	if len(s.Labels) > 0 {
		switch {
		case len(f.Labels) == 0 || holdsAll(f.Labels, s.Labels):
			f.Labels = s.Labels
		case !holdsAll(s.Labels, f.Labels):
			return f, &Error{"labels", "must all be labels of this credential's scope, or be left out"}
		}
	}
	if len(s.Statuses) > 0 {
		if f.Statuses = both(f.Statuses, s.Statuses); len(f.Statuses) == 0 {
			return f, &Error{"statuses", "must have a status of this credential's scope, or be left out"}
		}
	}
	return f, nil
}

// holdsAll reports whether each of part is in whole.
func holdsAll(whole, part []string) bool {
	return !slices.ContainsFunc(part, func(label string) bool { return !slices.Contains(whole, label) })
}

// both returns the statuses of the scope that the filter asks for: all, if it
// asks for none.
func both(asked, scope []texter.ChatStatus) []texter.ChatStatus {
	if len(asked) == 0 {
		return scope
	}
	return slices.DeleteFunc(slices.Clone(scope), func(s texter.ChatStatus) bool { return !slices.Contains(asked, s) })
}

// excludes reports whether what a chat says of itself puts it out of the
// scope.
func (s Scope) excludes(c *texter.Chat) bool {
	if channel, ok := c.Channel(); s.Channel != nil && ok &&
		(differs(channel.RawName(), string(s.Channel.Name)) || differs(channel.AccountID(), s.Channel.AccountID)) {
		return true
	}
	if len(s.Labels) > 0 && !slices.ContainsFunc(c.Labels, func(label string) bool { return slices.Contains(s.Labels, label) }) {
		return true
	}
	status, ok := c.StatusCode()
	return len(s.Statuses) > 0 && ok && !slices.Contains(s.Statuses, texter.ChatStatus(status))
}

// differs reports whether a value is there and is not this one. What is not
// there is left to Texter's filter.
func differs(value texter.Text, from string) bool { return !value.IsNull() && value.String() != from }
