package scope_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

// chat is what a filter looks at.
type chat struct {
	account texter.ChannelFilter
	labels  []string
	status  texter.ChatStatus
}

// matches says what a filter means, as Texter's reference has it.
func matches(f texter.ChatFilter, c chat) bool {
	hasLabel := slices.ContainsFunc(f.Labels, func(label string) bool { return slices.Contains(c.labels, label) })
	return (f.Channel == nil || *f.Channel == c.account) &&
		(len(f.Labels) == 0 || hasLabel) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, c.status))
}

// subsets returns all parts of a set.
func subsets[T any](set ...T) [][]T {
	all := [][]T{nil}
	for _, element := range set {
		for _, subset := range all {
			all = append(all, append(slices.Clone(subset), element))
		}
	}
	return all
}

// TestNarrow tries every filter with every scope, of two accounts, three labels and
// three statuses: the filter that comes out has just the chats that are both in the
// filter and in the scope. Only where no filter says that is there an error.
func TestNarrow(t *testing.T) {
	accounts := []texter.ChannelFilter{{Name: texter.ChannelEmail, AccountID: "1"}, {Name: texter.ChannelEmail, AccountID: "2"}}
	statuses := []texter.ChatStatus{texter.StatusBot, texter.StatusPending, texter.StatusBulk}
	labels := subsets("a", "b", "c")
	var chats []chat
	var filters []texter.ChatFilter
	for _, carried := range labels {
		for _, account := range accounts {
			for _, status := range statuses {
				chats = append(chats, chat{account, carried, status})
			}
		}
		for _, channel := range []*texter.ChannelFilter{nil, &accounts[0], &accounts[1]} {
			for _, asked := range subsets(statuses...) {
				filters = append(filters, texter.ChatFilter{Search: new("dana"), ShowNoMessages: new(true), Channel: channel, Labels: carried, Statuses: asked})
			}
		}
	}
	found := func(f texter.ChatFilter) (set uint64) {
		for i, c := range chats {
			if matches(f, c) {
				set |= 1 << i
			}
		}
		return set
	}
	expressible := map[uint64]bool{}
	for _, f := range filters {
		expressible[found(f)] = true
	}

	for _, f := range filters {
		for _, pinned := range filters {
			s := scope.Scope{Channel: pinned.Channel, Labels: pinned.Labels, Statuses: pinned.Statuses}
			both := found(f) & found(pinned)
			narrowed, err := s.Narrow(f)
			var broken *rule.Error
			switch {
			case expressible[both] != (err == nil):
				t.Fatalf("filter %+v, scope %+v: error %v", f, s, err)
			case err != nil && (!errors.Is(err, scope.ErrOutside) || !errors.As(err, &broken)):
				t.Fatalf("filter %+v, scope %+v: error %v of another kind", f, s, err)
			case err == nil && found(narrowed) != both:
				t.Fatalf("filter %+v, scope %+v: got %+v", f, s, narrowed)
			case err == nil && !(*narrowed.Search == "dana" && *narrowed.ShowNoMessages):
				t.Fatalf("filter %+v, scope %+v: got %+v, and the rest is lost", f, s, narrowed)
			}
		}
	}
}

// TestNarrowNamesThePart: the error says what to change, and not what the scope is.
func TestNarrowNamesThePart(t *testing.T) {
	s := parse(t, `{"channel":{"name":"EMAIL","accountId":"secret"},"labels":["secret"],"statuses":["BOT"]}`)
	for want, f := range map[rule.Error]texter.ChatFilter{
		{Name: "filter.channel", Rule: "must be the account of this credential's scope, or be left out"}: {Channel: &texter.ChannelFilter{Name: texter.ChannelSMS, AccountID: "secret"}},
		{Name: "filter.labels", Rule: "must all be labels of this credential's scope, or be left out"}:   {Labels: []string{"other"}},
		{Name: "filter.statuses", Rule: "must have a status of this credential's scope, or be left out"}: {Statuses: []texter.ChatStatus{texter.StatusBulk}},
	} {
		want.Kind = scope.ErrOutside
		if _, err := s.Narrow(f); !reflect.DeepEqual(err, &want) {
			t.Errorf("got %v, want %v", err, &want)
		}
	}
}

// TestNarrowLeavesItsArguments: a scope is shared by all requests of a caller.
func TestNarrowLeavesItsArguments(t *testing.T) {
	s := parse(t, `{"labels":["a","b"],"statuses":["BOT","BULK"]}`)
	want := parse(t, `{"labels":["a","b"],"statuses":["BOT","BULK"]}`)
	f := texter.ChatFilter{Labels: []string{"b"}, Statuses: []texter.ChatStatus{texter.StatusBulk, texter.StatusPending}}
	if _, err := s.Narrow(f); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s, want) || !slices.Equal(f.Statuses, []texter.ChatStatus{texter.StatusBulk, texter.StatusPending}) {
		t.Errorf("the scope is %+v, the filter %+v", s, f)
	}
}
