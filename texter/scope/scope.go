// Package scope narrows searches to what a caller may see.
package scope

import (
	"errors"
	"slices"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// Scope is what a caller may see: the chats that match all of its parts. An empty
// part matches every chat. The zero value is the entire project.
type Scope struct {
	// Channel is the only business account.
	Channel *texter.ChannelFilter
	// Labels are labels of which a chat carries at least one.
	Labels []string
	// Statuses are the only statuses.
	Statuses []texter.ChatStatus
}

// ErrOutside is the kind of a *rule.Error about a filter that asks for chats
// outside the scope.
var ErrOutside = errors.New("outside of the credential's scope")

// outside is the error of a part of a filter that asks for chats outside the
// scope. It does not tell what the scope is.
func outside(part, broken string) error {
	return &rule.Error{Name: "filter." + part, Rule: broken, Kind: ErrOutside}
}

// Narrow returns the filter for the chats of f that are in the scope. It refuses
// f if there is no such filter, since a search can name only one account, and
// chats with any of some labels; and if no chat in the scope can match. Its error
// is a *rule.Error of the kind ErrOutside.
func (s Scope) Narrow(f texter.ChatFilter) (texter.ChatFilter, error) {
	if s.Channel != nil {
		if f.Channel != nil && *f.Channel != *s.Channel {
			return f, outside("channel", "must be the account of this credential's scope, or be left out")
		}
		f.Channel = s.Channel
	}
	if len(s.Labels) > 0 {
		switch {
		case len(f.Labels) == 0 || containsAll(f.Labels, s.Labels):
			f.Labels = s.Labels
		case !containsAll(s.Labels, f.Labels):
			return f, outside("labels", "must all be labels of this credential's scope, or be left out")
		}
	}
	if len(s.Statuses) > 0 {
		if f.Statuses = intersect(f.Statuses, s.Statuses); len(f.Statuses) == 0 {
			return f, outside("statuses", "must have a status of this credential's scope, or be left out")
		}
	}
	return f, nil
}

// containsAll reports whether labels contains all of the wanted labels.
func containsAll(labels, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(label string) bool { return !slices.Contains(labels, label) })
}

// intersect returns the statuses of the scope that a filter asks for. A filter
// that names none asks for all.
func intersect(asked, scope []texter.ChatStatus) []texter.ChatStatus {
	if len(asked) == 0 {
		return scope
	}
	return slices.DeleteFunc(slices.Clone(scope), func(s texter.ChatStatus) bool { return !slices.Contains(asked, s) })
}

// excludesAny reports whether the fields of one of the chats show that it is
// outside the scope.
func (s Scope) excludesAny(chats []*texter.Chat) bool {
	return texter.ChatFilter{Channel: s.Channel, Labels: s.Labels, Statuses: s.Statuses}.ExcludesAny(chats)
}
