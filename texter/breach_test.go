package texter_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// TestChatsThatTheFilterExcludes: no chat is returned whose fields show that the filter
// does not match it. Where they do not show it, only Texter decides.
func TestChatsThatTheFilterExcludes(t *testing.T) {
	channel := texter.ChatFilter{Channel: &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: "1"}}
	labels := texter.ChatFilter{Labels: []string{"a", "b"}}
	statuses := texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusBot, texter.StatusPending}}
	status := func(s texter.ChatStatus) string { return fmt.Sprintf(`"status":%d`, int(s)) }
	for name, test := range map[string]struct {
		filter   texter.ChatFilter
		chat     string
		excluded bool
	}{
		"any":                     {texter.ChatFilter{Search: new("x")}, `"status":1,"labels":["z"]`, false},
		"the channel":             {channel, `"channelInfo":{"name":"email","accountId":"1"}`, false},
		"another account":         {channel, `"channelInfo":{"name":"email","accountId":"2"}`, true},
		"an empty account":        {channel, `"channelInfo":{"name":"email","accountId":""}`, true},
		"another channel":         {channel, `"channelInfo":{"name":"sms","accountId":"1"}`, true},
		"the older field":         {channel, `"channel":"email"`, false},
		"another older field":     {channel, `"channel":"sms"`, true},
		"no account":              {channel, `"channelInfo":{"name":"email"}`, false},
		"no channel":              {channel, `"title":"A"`, false},
		"a channel that is null":  {channel, `"channelInfo":null`, false},
		"one of the labels":       {labels, `"labels":["z","b"]`, false},
		"other labels":            {labels, `"labels":["z"]`, true},
		"a label in another case": {labels, `"labels":["A"]`, true},
		"no labels":               {labels, `"labels":[]`, true},
		"labels that are null":    {labels, `"labels":null`, true},
		"one of the statuses":     {statuses, status(texter.StatusPending), false},
		"another status":          {statuses, status(texter.StatusResolved), true},
		"no status":               {statuses, `"title":"A"`, false},
	} {
		t.Run(name, func(t *testing.T) {
			// The others match any filter.
			const good = `{"_id":"good","channelInfo":{"name":"email","accountId":"1"},"labels":["a"]}`
			for _, rows := range []string{`{"_id":"x",%s},` + good, good + `,{"_id":"x",%s}`} {
				page, err := texter.SearchOptions{ChatFilter: test.filter}.Decode(fmt.Appendf(nil, `{"data":[`+rows+`],"total":2}`, test.chat))
				e, _ := errors.AsType[*texter.Error](err)
				if test.excluded != (err != nil) || test.excluded && (page != nil || e == nil || e.Breach != texter.BreachFilter || e.Cause != texter.CauseInvalidResponse) {
					t.Errorf("got %v, %v", page, err)
				}
			}
		})
	}
}

// bodyOf is the body of a response with these rows: each has its id, and its time or "-".
func bodyOf(rows ...string) []byte {
	var all []string
	for _, row := range rows {
		id, at, _ := strings.Cut(row, "@")
		if at == "-" {
			at = "null"
		}
		all = append(all, fmt.Sprintf(`{"_id":%q,"last_message_timestamp":%s}`, id, at))
	}
	return fmt.Appendf(nil, `{"data":[%s],"total":%d}`, strings.Join(all, ","), len(rows))
}

// TestRowsThatBreakTheContract: the page says what is wrong with its rows, and has them.
func TestRowsThatBreakTheContract(t *testing.T) {
	for rows, want := range map[string]struct{ isSorted, hasDuplicates bool }{
		"":                    {true, false},
		"a@1":                 {true, false},
		"a@-":                 {true, false},
		"a@2 b@1":             {true, false},
		"a@1 b@1":             {true, false},
		"a@1 b@2":             {false, false},
		"a@3 b@1 c@2":         {false, false},
		"a@- b@-":             {true, false},
		"a@- b@2 c@1":         {true, false},
		"a@- b@1 c@2":         {false, false},
		"a@2 b@1 c@- d@-":     {true, false},
		"a@1 b@2 c@-":         {false, false},
		"a@2 b@- c@1":         {false, false},
		"a@- b@2 c@-":         {false, false},
		"a@- b@2 c@- d@1":     {false, false},
		"a@2 a@1":             {true, true},
		"a@3 b@2 c@1 a@1":     {true, true},
		"a@1 b@2 a@1 c@- b@2": {false, true},
	} {
		t.Run(rows, func(t *testing.T) {
			ids := strings.Fields(rows)
			got, err := texter.SearchOptions{}.Decode(bodyOf(ids...))
			if err != nil || len(got.Chats()) != len(ids) || got.IsSorted() != want.isSorted || got.HasDuplicates() != want.hasDuplicates {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	t.Run("a row that is there twice is seen among thousands", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		for _, n := range []int{2, 31, 32, 33, 64, 1000, 5000} {
			rows := make([]string, n)
			for i := range rows {
				rows[i] = fmt.Sprintf("%024x@1", random.Uint64())
			}
			for twice := range 2 {
				if twice == 1 {
					rows[random.IntN(n/2)] = rows[n/2+random.IntN(n-n/2)]
				}
				got, err := texter.SearchOptions{Limit: n}.Decode(bodyOf(rows...))
				if err != nil || got.HasDuplicates() != (twice == 1) {
					t.Errorf("%d rows, %d of them twice: %v", n, twice, err)
				}
			}
		}
	})
}

// TestRowsOfAnotherPageAreNoDuplicates: a page that takes the memory of another one knows
// nothing of its rows.
func TestRowsOfAnotherPageAreNoDuplicates(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bodyOf("a@2", "b@1")) }, func(o *texter.Options) { o.Reuse = true })
	for range 20 {
		got, err := client.SearchChats(t.Context(), texter.SearchOptions{})
		if err != nil || got.HasDuplicates() {
			t.Fatalf("got %+v, %v", got, err)
		}
		got.Release()
	}
}

// TestRowsThatWereNotAskedFor are left to the next page.
func TestRowsThatWereNotAskedFor(t *testing.T) {
	rows := make([]string, 40)
	for i := range rows {
		rows[i] = fmt.Sprintf("%d@%d", i, 100-i)
	}
	for limit, want := range map[int]int{0: texter.DefaultLimit, 1: 1, 39: 39, 40: 40, 41: 40} {
		got, err := texter.SearchOptions{Limit: limit}.Decode(bodyOf(rows...))
		if err != nil || len(got.Chats()) != want || got.Total != 40 {
			t.Errorf("with a limit of %d: %d chats, %v", limit, len(got.Chats()), err)
		}
	}
}

// TestBreachesAreTold, each with a meaning of its own; so are the errors of calls.
func TestBreachesAreTold(t *testing.T) {
	var told []texter.Breach
	failed := 0
	for name, test := range map[string]struct {
		body   []byte
		filter texter.ChatFilter
		want   []texter.Breach
		fails  int
	}{
		"none":       {bodyOf("a@1"), texter.ChatFilter{}, nil, 0},
		"order":      {bodyOf("a@1", "b@2"), texter.ChatFilter{}, []texter.Breach{texter.BreachOrder}, 0},
		"duplicates": {bodyOf("a@2", "a@1"), texter.ChatFilter{}, []texter.Breach{texter.BreachDuplicate}, 0},
		"all":        {bodyOf("a@1", "b@2", "b@2", "c@0"), texter.ChatFilter{}, []texter.Breach{texter.BreachDuplicate, texter.BreachOrder, texter.BreachRows}, 0},
		"the filter": {bodyOf("a@1"), texter.ChatFilter{Labels: []string{"x"}}, []texter.Breach{texter.BreachFilter}, 1},
		"no page":    {[]byte("canary"), texter.ChatFilter{}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			told, failed = nil, 0
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(test.body) }, func(o *texter.Options) {
				o.Breach = func(_ context.Context, b texter.Breach) { told = append(told, b) }
				o.Failed = func(context.Context, *texter.Error) { failed++ }
			})
			_, err := client.SearchChats(t.Context(), texter.SearchOptions{ChatFilter: test.filter, Limit: 3})
			if slices.Sort(told); !slices.Equal(told, test.want) || failed != test.fails || (err != nil) != (test.fails > 0) {
				t.Errorf("told are %v, and %d failures: %v", told, failed, err)
			}
		})
	}
	meanings := map[string]bool{texter.Breach("another").Meaning(): true}
	for _, b := range texter.Breaches() {
		if m := b.Meaning(); meanings[m] || m == "" {
			t.Errorf("%s has the meaning of another: %s", b, m)
		} else {
			meanings[m] = true
		}
	}
}

// TestTheSameBytesAgain are the page that was there; other bytes are another page.
func TestTheSameBytesAgain(t *testing.T) {
	body := bodyOf("a@2", "b@1")
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	first, err := client.SearchChats(t.Context(), texter.SearchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := client.SearchChats(t.Context(), texter.SearchOptions{Previous: first}); again != first || err != nil {
		t.Errorf("got %v, %v", again, err)
	}
	if other, err := client.SearchChats(t.Context(), texter.SearchOptions{}); other == first || err != nil {
		t.Errorf("without it, got the same page, %v", err)
	}
	body = bodyOf("a@2", "c@1")
	changed, err := client.SearchChats(t.Context(), texter.SearchOptions{Previous: first})
	if err != nil || changed == first || changed.Chats()[1].ID != "c" || first.Chats()[1].ID != "b" {
		t.Errorf("got %v, %v", changed, err)
	}
}
