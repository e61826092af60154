// Package scope narrows searches to what a caller may see.
package scope

import (
	"errors"
	"slices"

	"texter-graphql/internal/rule"
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

// ErrOutside is the kind of a *rule.Error about a filter that leads out of the
// scope.
var ErrOutside = errors.New("outside of the credential's scope")

// outside says which part of a filter leads out of the scope, but not what the
// scope is.
func outside(part, broken string) error {
	return &rule.Error{Name: "filter." + part, Rule: broken, Kind: ErrOutside}
}

// Narrow returns the filter for those chats of f that are in the scope. Its
// error is a *rule.Error of the kind ErrOutside: the search takes one account, and any of some labels, so
// that there are filters whose chats in the scope no filter can name. They are
// refused, as are those that no chat in the scope can match.
func (s Scope) Narrow(f texter.ChatFilter) (texter.ChatFilter, error) {
	if s.Channel != nil {
		if f.Channel != nil && *f.Channel != *s.Channel {
			return f, outside("channel", "must be the account of this credential's scope, or be left out")
		}
		f.Channel = s.Channel
	}
	if len(s.Labels) > 0 {
		switch {
		case len(f.Labels) == 0 || holdsAll(f.Labels, s.Labels):
			f.Labels = s.Labels
		case !holdsAll(s.Labels, f.Labels):
			return f, outside("labels", "must all be labels of this credential's scope, or be left out")
		}
	}
	if len(s.Statuses) > 0 {
		if f.Statuses = both(f.Statuses, s.Statuses); len(f.Statuses) == 0 {
			return f, outside("statuses", "must have a status of this credential's scope, or be left out")
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
