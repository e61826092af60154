package texter

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"texter-graphql/internal/rule"
)

// Limits of a filter, from Texter's API reference.
const (
	// MaxLabels is how many different labels a filter can name.
	MaxLabels = 100
	// MaxStatuses is how many statuses a filter can name, duplicates counted:
	// there are no more than five.
	MaxStatuses = 5
	// MinSearchLength is the least number of characters of Search.
	MinSearchLength = 2
)

// ChatFilter narrows a search. Its parts must all hold; a nil or empty part
// does not narrow.
type ChatFilter struct {
	// Search is a part of the contact's name or phone number, in any case, at
	// least MinSearchLength characters. A local number finds its international
	// form.
	Search *string
	// Channel keeps the chats of one business account.
	Channel *ChannelFilter
	// Labels keeps chats that carry any of these label ids, MaxLabels at most.
	Labels []string
	// Statuses keeps chats in any of these statuses, MaxStatuses at most.
	Statuses []ChatStatus
	// ShowNoMessages also returns chats without messages.
	ShowNoMessages *bool
}

// ChannelFilter names one business account on one network. The API takes the
// two only together.
type ChannelFilter struct {
	// Name is the network: any but ChannelSMS.
	Name ChannelName
	// AccountID is the business account's id on it.
	AccountID string
}

// Normalize sorts labels and statuses and removes duplicates, so that filters
// with the same meaning are equal. It does not change the receiver's slices.
func (f ChatFilter) Normalize() ChatFilter {
	f.Labels, f.Statuses = sortedSet(f.Labels), sortedSet(f.Statuses)
	if f.ShowNoMessages != nil && !*f.ShowNoMessages {
		f.ShowNoMessages = nil // the API's default
	}
	return f
}

// sortedSet is the values in order, each once; nil if there are none.
func sortedSet[T cmp.Ordered](values []T) []T {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// Validate checks the filter against the rules of the API. Its error is a
// *rule.Error that names the part: search, channel.name, channel.accountId,
// labels or statuses.
func (f ChatFilter) Validate() error {
	switch {
	case f.Search != nil && utf8.RuneCountInString(*f.Search) < MinSearchLength:
		return rule.New("search", fmt.Sprintf("must have at least %d characters", MinSearchLength))
	case f.Channel != nil && !slices.Contains(searchableChannels(), f.Channel.Name):
		return rule.New("channel.name", "must be a network that the search knows")
	case f.Channel != nil && f.Channel.AccountID == "":
		return rule.New("channel.accountId", "must not be empty")
	case len(f.Labels) > MaxLabels && len(f.Normalize().Labels) > MaxLabels:
		return rule.New("labels", fmt.Sprintf("must name at most %d different labels", MaxLabels))
	case slices.Contains(f.Labels, ""):
		return rule.New("labels", "must not hold an empty id")
	case len(f.Statuses) > MaxStatuses:
		return rule.New("statuses", fmt.Sprintf("must name at most %d statuses", MaxStatuses))
	}
	for _, status := range f.Statuses {
		if !status.known() {
			return rule.New("statuses", "must hold statuses that the search knows")
		}
	}
	return nil
}
