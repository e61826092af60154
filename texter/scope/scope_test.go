package scope_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

func parse(t *testing.T, text string) scope.Scope {
	t.Helper()
	s, err := scope.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// TestParse looks at what scopes mean.
func TestParse(t *testing.T) {
	for text, want := range map[string]scope.Scope{
		`{}`: {},
		`{"channel":{"name":"WEBSITE_CHAT","accountId":"1"}}`:                {Channel: &texter.ChannelFilter{Name: texter.ChannelWebsiteChat, AccountID: "1"}},
		`{"channel":{"name":"whatsapp","accountId":"1"},"labels":["b"]}`:     {Channel: &texter.ChannelFilter{Name: texter.ChannelWhatsApp, AccountID: "1"}, Labels: []string{"b"}},
		` { "labels" : ["b", "a","b"] , "statuses": ["BULK","BOT"] } `:       {Labels: []string{"a", "b"}, Statuses: []texter.ChatStatus{texter.StatusBot, texter.StatusBulk}},
		`{"statuses":["BOT","PENDING","ASSIGNED","RESOLVED","BULK"]}`:        {Statuses: []texter.ChatStatus{0, 1, 2, 3, 4}},
		`{"labels":["לקוח חוזר","R&D+beta"],"statuses":["PENDING"]}`:         {Labels: []string{"R&D+beta", "לקוח חוזר"}, Statuses: []texter.ChatStatus{texter.StatusPending}},
		`{"channel":{"name":"EMAIL","accountId":"shop+orders@example.com"}}`: {Channel: &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: "shop+orders@example.com"}},
	} {
		got := parse(t, text)
		if len(got.Labels) == 0 {
			got.Labels = nil
		}
		if len(got.Statuses) == 0 {
			got.Statuses = nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

// TestParseRefuses what could show more than was meant.
func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		``, `null`, `[]`, `"canary"`, `canary`, `{"labels":["canary"]`, `{} {}`, `true`, `0`,
		`{"label":["canary"]}`, `{"search":"canary"}`, `{"showNoMessages":true}`,
		`{"labels":null}`, `{"labels":[]}`, `{"labels":"canary"}`, `{"labels":[""]}`, `{"labels":[null]}`, `{"labels":[1]}`, `{"labels":{}}`,
		`{"statuses":null}`, `{"statuses":[]}`, `{"statuses":["canary"]}`, `{"statuses":["TAKEN"]}`, `{"statuses":["bot"]}`, `{"statuses":[1]}`, `{"statuses":[null]}`,
		`{"statuses":["BOT","BOT","BOT","BOT","BOT","BOT","canary"]}`,
		`{"channel":null}`, `{"channel":{}}`, `{"channel":"canary"}`, `{"channel":{"name":"EMAIL"}}`, `{"channel":{"accountId":"canary"}}`,
		`{"channel":{"name":"SMS","accountId":"canary"}}`, `{"channel":{"name":"EMAIL","accountId":""}}`, `{"channel":{"name":"EMAIL","accountId":null}}`,
		`{"channel":{"name":"EMAIL","accountId":"canary","canary":1}}`, `{"channel":[{"name":"EMAIL","accountId":"canary"}]}`,
		`{"labels":["` + strings.Join(strings.Split(strings.Repeat("a", 101), ""), `","`) + `"],"x":1}`,
	} {
		if s, err := scope.Parse([]byte(text)); err == nil {
			t.Errorf("%s: got %+v", text, s)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the text is repeated: %v", text, err)
		}
	}
}

// answers gives this page to every search.
type answers struct {
	page     *texter.SearchPage
	searches int
}

func (a *answers) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	a.searches++
	return a.page, nil
}

// page is a page of rows of these fields.
func page(t *testing.T, rows ...string) *texter.SearchPage {
	t.Helper()
	for i := range rows {
		rows[i] = `{"_id":"x",` + rows[i] + `}`
	}
	page, err := texter.SearchOptions{}.Decode([]byte(`{"data":[` + strings.Join(rows, ",") + `],"total":2}`))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestBreach has a Texter that does not filter: nothing of what a scope leaves
// out is shown.
func TestBreach(t *testing.T) {
	s := parse(t, `{"channel":{"name":"EMAIL","accountId":"1"},"labels":["a","b"],"statuses":["BOT","BULK"]}`)
	const inside = `"channelInfo":{"name":"email","accountId":"1"},"labels":["x","b"],"status":4`
	for name, test := range map[string]struct {
		from, to string
		breach   bool
	}{
		"inside":           {"", "", false},
		"no channel":       {`{"name":"email","accountId":"1"}`, "null", false},
		"no account":       {`"1"`, "null", false},
		"no status":        {"4", "null", false},
		"no label":         {`["x","b"]`, "null", true},
		"other labels":     {`"b"`, `"A"`, true},
		"another account":  {`"1"`, `"2"`, true},
		"another network":  {`"email"`, `"sms"`, true},
		"another status":   {"4", "1", true},
		"a status unknown": {"4", "7", true},
	} {
		next := &answers{page: page(t, inside, strings.Replace(inside, test.from, test.to, 1))}
		page, err := scope.Searcher{Next: next}.SearchChats(scope.NewContext(t.Context(), s), texter.SearchOptions{})
		if test.breach != errors.Is(err, scope.ErrBreach) || test.breach != (page == nil) {
			t.Errorf("%s: got %v, %v", name, page, err)
		}
		if page, err := (scope.Searcher{Next: next}).SearchChats(scope.NewContext(t.Context(), scope.Scope{}), texter.SearchOptions{}); err != nil || len(page.Chats()) != 2 {
			t.Errorf("%s, whole project: got %v, %v", name, page, err)
		}
	}
}

// TestNoScope: a search that nobody gave a scope does not happen.
func TestNoScope(t *testing.T) {
	next := &answers{}
	if page, err := (scope.Searcher{Next: next}).SearchChats(t.Context(), texter.SearchOptions{}); err == nil || page != nil || next.searches != 0 {
		t.Errorf("got %v, %v after %d searches", page, err, next.searches)
	}
}

// recordedAnswers records the requests that it gets.
type recordedAnswers struct{ requests []string }

func (k *recordedAnswers) Recall(_ context.Context, request ...string) any {
	k.requests = append(k.requests, strings.Join(request, "|"))
	return "an answer"
}

func (k *recordedAnswers) Remember(_ context.Context, _ *texter.SearchPage, _ int, _ func() any, request ...string) {
	k.requests = append(k.requests, strings.Join(request, "|"))
}

// TestRecallInScope: answers are those of a scope, and of none without one.
func TestRecallInScope(t *testing.T) {
	texts := []string{
		`{}`, `{"labels":["a"]}`, `{"labels":["a","b"]}`, `{"labels":["a&labels[]=b"]}`, `{"labels":["a&labels%5B%5D=b"]}`, `{"statuses":["BOT"]}`, `{"statuses":["BOT","BULK"]}`,
		`{"channel":{"name":"EMAIL","accountId":"1"}}`, `{"channel":{"name":"WHATSAPP","accountId":"1"}}`, `{"channel":{"name":"WHATSAPP","accountId":"2"}}`,
		`{"channel":{"name":"WHATSAPP","accountId":"1"},"labels":["a"]}`, `{"channel":{"name":"WHATSAPP","accountId":"1&labels[]=a"}}`,
	}
	seen := map[string]string{}
	for _, text := range texts {
		next := &recordedAnswers{}
		ctx := scope.NewContext(t.Context(), parse(t, text))
		s := scope.Answers{Next: next}
		if s.Recall(ctx, "x", "y") != "an answer" {
			t.Errorf("%s: no answer", text)
		}
		s.Remember(ctx, nil, 1, nil, "x", "y")
		if len(next.requests) != 2 || next.requests[0] != next.requests[1] || !strings.HasSuffix(next.requests[0], "|x|y") {
			t.Errorf("%s: asked %q", text, next.requests)
		}
		if other, ok := seen[next.requests[0]]; ok {
			t.Errorf("%s is as %s", text, other)
		}
		seen[next.requests[0]] = text
	}
	next := &recordedAnswers{}
	if s := (scope.Answers{Next: next}); s.Recall(t.Context(), "x") != nil || next.requests != nil {
		t.Error("an answer without a scope")
	}
	scope.Answers{Next: next}.Remember(t.Context(), nil, 1, nil, "x")
	if next.requests != nil {
		t.Error("it is remembered without a scope")
	}
}
