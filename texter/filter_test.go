package texter_test

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// numbered are n different labels.
func numbered(n int) []string {
	labels := make([]string, n)
	for i := range labels {
		labels[i] = fmt.Sprint("label ", i)
	}
	return labels
}

// long are n different labels of 250 bytes each.
func long(n int) []string {
	labels := make([]string, n)
	for i := range labels {
		labels[i] = fmt.Sprintf("%0250d", i)
	}
	return labels
}

func TestNormalizedFiltersOfOneMeaningAreEqual(t *testing.T) {
	channel := &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: "1"}
	for name, test := range map[string]struct{ filter, want texter.ChatFilter }{
		"nothing":     {texter.ChatFilter{}, texter.ChatFilter{}},
		"empty lists": {texter.ChatFilter{Labels: []string{}, Statuses: []texter.ChatStatus{}}, texter.ChatFilter{}},
		"labels":      {texter.ChatFilter{Labels: []string{"b", "a", "b", "B"}}, texter.ChatFilter{Labels: []string{"B", "a", "b"}}},
		"statuses": {
			texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusBulk, texter.StatusBot, texter.StatusBulk}},
			texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusBot, texter.StatusBulk}},
		},
		"the default":                    {texter.ChatFilter{ShowNoMessages: new(false)}, texter.ChatFilter{}},
		"not the default":                {texter.ChatFilter{ShowNoMessages: new(true)}, texter.ChatFilter{ShowNoMessages: new(true)}},
		"parts without order or default": {texter.ChatFilter{Search: new(" Dana "), Channel: channel}, texter.ChatFilter{Search: new(" Dana "), Channel: channel}},
	} {
		t.Run(name, func(t *testing.T) {
			labels, statuses := slices.Clone(test.filter.Labels), slices.Clone(test.filter.Statuses)
			if got := test.filter.Normalize(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if !slices.Equal(test.filter.Labels, labels) || !slices.Equal(test.filter.Statuses, statuses) {
				t.Error("the filter itself was changed")
			}
		})
	}
}

func TestValidateNamesThePartThatBreaksARule(t *testing.T) {
	channel := func(name texter.ChannelName, account string) texter.ChatFilter {
		return texter.ChatFilter{Channel: &texter.ChannelFilter{Name: name, AccountID: account}}
	}
	statuses := func(s ...texter.ChatStatus) texter.ChatFilter { return texter.ChatFilter{Statuses: s} }
	bot := texter.StatusBot
	for name, test := range map[string]struct {
		filter texter.ChatFilter
		field  string // that breaks a rule, if any
	}{
		"nothing":                {texter.ChatFilter{}, ""},
		"two characters":         {texter.ChatFilter{Search: new("אב")}, ""},
		"200 characters":         {texter.ChatFilter{Search: new(strings.Repeat("א", 200))}, ""},
		"201 characters":         {texter.ChatFilter{Search: new(strings.Repeat("א", 201))}, "search"},
		"a long account":         {channel(texter.ChannelEmail, strings.Repeat("א", 256)), ""},
		"an account too long":    {channel(texter.ChannelEmail, strings.Repeat("א", 257)), "channel.accountId"},
		"a long label":           {texter.ChatFilter{Labels: []string{strings.Repeat("א", 256)}}, ""},
		"a label too long":       {texter.ChatFilter{Labels: []string{strings.Repeat("x", 257)}}, "labels"},
		"labels of 5000 bytes":   {texter.ChatFilter{Labels: long(20)}, ""},
		"labels of 5001 bytes":   {texter.ChatFilter{Labels: append(long(20), "x")}, "labels"},
		"one long label, often":  {texter.ChatFilter{Labels: slices.Repeat(long(1), 90)}, ""},
		"no search":              {texter.ChatFilter{Search: new("")}, "search"},
		"one character":          {texter.ChatFilter{Search: new("א")}, "search"},
		"one emoji":              {texter.ChatFilter{Search: new("😀")}, "search"},
		"whatsapp":               {channel(texter.ChannelWhatsApp, "1"), ""},
		"messenger":              {channel(texter.ChannelMessenger, "1"), ""},
		"instagram":              {channel(texter.ChannelInstagram, "1"), ""},
		"website chat":           {channel(texter.ChannelWebsiteChat, "1"), ""},
		"email":                  {channel(texter.ChannelEmail, "1"), ""},
		"sms":                    {channel(texter.ChannelSMS, "1"), "channel.name"},
		"an unknown network":     {channel("canary", "1"), "channel.name"},
		"no network":             {channel("", "1"), "channel.name"},
		"no account":             {channel(texter.ChannelEmail, ""), "channel.accountId"},
		"100 labels":             {texter.ChatFilter{Labels: numbered(100)}, ""},
		"100 labels, many times": {texter.ChatFilter{Labels: slices.Repeat(numbered(100), 3)}, ""},
		"101 labels":             {texter.ChatFilter{Labels: numbered(101)}, "labels"},
		"an empty label":         {texter.ChatFilter{Labels: []string{"canary", ""}}, "labels"},
		"every status":           {statuses(bot, texter.StatusPending, texter.StatusAssigned, texter.StatusResolved, texter.StatusBulk), ""},
		"one status five times":  {statuses(bot, bot, bot, bot, bot), ""},
		"six statuses":           {statuses(bot, bot, bot, bot, bot, bot), "statuses"},
		"a status too low":       {statuses(-1), "statuses"},
		"a status too high":      {statuses(bot, 5), "statuses"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.filter.Validate()
			if test.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			blamed, ok := errors.AsType[*rule.Error](err)
			if !ok || blamed.Name != test.field {
				t.Errorf("got %v, want one about %s", err, test.field)
				return
			}
			if text := blamed.Error(); !strings.HasPrefix(text, test.field+" must ") || strings.Contains(text, "canary") {
				t.Errorf("the text is %q", text)
			}
		})
	}
}

// chatOf decodes a row with these fields and an id.
func chatOf(t *testing.T, fields string) *texter.Chat {
	t.Helper()
	page, err := texter.SearchOptions{}.Decode(fmt.Appendf(nil, `{"data":[{"_id":"x",%s}],"total":1}`, fields))
	if err != nil {
		t.Fatal(err)
	}
	return page.ChatViews()[0]
}

func TestUnknownStatusesAndNetworksHaveNoName(t *testing.T) {
	for code, want := range map[int]string{0: "BOT", 1: "PENDING", 2: "ASSIGNED", 3: "RESOLVED", 4: "BULK"} {
		if got, ok := chatOf(t, fmt.Sprintf(`"status":%d`, code)).Status(); !ok || got.String() != want {
			t.Errorf("status %d is %v, want %s", code, got, want)
		}
	}
	for code, want := range map[int]string{-1: "-1", 5: "5"} {
		if got, ok := chatOf(t, fmt.Sprintf(`"status":%d`, code)).Status(); ok || got.String() != want {
			t.Errorf("status %d is %v", code, got)
		}
	}
	if got, ok := chatOf(t, `"status":null`).Status(); ok {
		t.Errorf("no status is %v", got)
	}
	for name, known := range map[string]bool{
		`"whatsapp"`: true, `"messenger"`: true, `"instagram"`: true, `"website_chat"`: true, `"email"`: true, `"sms"`: true, `"\u0073ms"`: true,
		`"telegram"`: false, `"Email"`: false, `""`: false, "null": false,
	} {
		channel, _ := chatOf(t, `"channelInfo":{"name":`+name+`}`).Channel()
		if got, ok := channel.Name(); ok != known || known && string(got) != channel.RawName().String() {
			t.Errorf("%s is %v, %t", name, got, ok)
		}
	}
}

func TestNamesAndStatusesMadeOfOtherFields(t *testing.T) {
	for fields, want := range map[string]string{
		`"title":"Dana","displayName":"Dana from the gym"`: "Dana from the gym",
		`"title":"Dana","displayName":null`:                "Dana",
		`"title":"Dana","displayName":""`:                  "",
	} {
		if got := chatOf(t, fields).Name(); got.IsNull() || got.String() != want {
			t.Errorf("%s: the name is %v", fields, got)
		}
	}
	if got := chatOf(t, `"title":null`).Name(); !got.IsNull() || got.String() != "" {
		t.Errorf("no name is %v", got)
	}
	for action, want := range map[string]string{`{}`: "", `{"chatStatus":7}`: "", `{"chatStatus":1}`: "PENDING", `{"chatStatus":0}`: "BOT"} {
		replyAction, _ := chatOf(t, `"replyAction":`+action).ReplyAction()
		status, ok := replyAction.ChatStatus()
		if ok != (want != "") || ok && status.String() != want {
			t.Errorf("%s gives status %v, %t", action, status, ok)
		}
	}
}

func TestTheQueryIsEncodedAsPackageURLDoes(t *testing.T) {
	odd, yes := "a b&limit=1+é%/\x00", true
	o := texter.SearchOptions{Limit: 10, Skip: 20, ChatFilter: texter.ChatFilter{
		Search: &odd, Channel: &texter.ChannelFilter{Name: "x&y", AccountID: odd}, Labels: []string{"1", odd},
		Statuses: []texter.ChatStatus{texter.StatusBot, texter.StatusBulk}, ShowNoMessages: &yes,
	}}
	want := url.Values{
		"limit": {"10"}, "skip": {"20"}, "search": {odd}, "channel[name]": {"x&y"}, "channel[accountId]": {odd},
		"labels[]": {"1", odd}, "statuses[]": {"BOT", "BULK"}, "showNoMessages": {"true"},
	}
	if got := o.Query(); got != want.Encode() {
		t.Errorf("got %s, want %s", got, want.Encode())
	}
	if got := (texter.SearchOptions{}).Query(); got != "" {
		t.Errorf("got %s", got)
	}
}
