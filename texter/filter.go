package texter

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"unicode/utf8"

	"texter-graphql/internal/rule"
)

// Limits of a filter. Those of lengths are this package's own: a URL of more than
// 8 KB is refused by many servers. The others are of Texter's API reference.
const (
	// MaxLabels is how many different labels a filter can name.
	MaxLabels = 100
	// MaxStatuses is how many statuses a filter can name, duplicates counted:
	// there are no more than five.
	MaxStatuses = 5
	// MinSearchLength is the least number of characters of Search.
	MinSearchLength = 2
	// MaxSearchLength is the largest number of characters of Search.
	MaxSearchLength = 200
	// MaxIDLength is the largest number of characters of an account id, and of a
	// label id.
	MaxIDLength = 256
	// MaxLabelsLength is the largest number of bytes of all different label ids
	// together, as they are escaped in a URL.
	MaxLabelsLength = 5000
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

// labelsLength returns how many bytes label ids take in a URL.
func labelsLength(ids []string) (length int) {
	for _, id := range ids {
		length += len(url.QueryEscape(id))
	}
	return length
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
	case f.Search != nil && utf8.RuneCountInString(*f.Search) > MaxSearchLength:
		return rule.New("search", fmt.Sprintf("must have at most %d characters", MaxSearchLength))
	case f.Channel != nil && !slices.Contains(searchableChannels(), f.Channel.Name):
		return rule.New("channel.name", "must be a network that the search knows")
	case f.Channel != nil && f.Channel.AccountID == "":
		return rule.New("channel.accountId", "must not be empty")
	case f.Channel != nil && utf8.RuneCountInString(f.Channel.AccountID) > MaxIDLength:
		return rule.New("channel.accountId", fmt.Sprintf("must have at most %d characters", MaxIDLength))
	case len(f.Labels) > MaxLabels && len(f.Normalize().Labels) > MaxLabels:
		return rule.New("labels", fmt.Sprintf("must name at most %d different labels", MaxLabels))
	case slices.Contains(f.Labels, ""):
		return rule.New("labels", "must not hold an empty id")
	case slices.ContainsFunc(f.Labels, func(id string) bool { return utf8.RuneCountInString(id) > MaxIDLength }):
		return rule.New("labels", fmt.Sprintf("must hold ids of at most %d characters", MaxIDLength))
	case len(f.Labels) > 0 && labelsLength(f.Normalize().Labels) > MaxLabelsLength:
		return rule.New("labels", fmt.Sprintf("must have at most %d bytes together, as they are escaped in a URL", MaxLabelsLength))
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
