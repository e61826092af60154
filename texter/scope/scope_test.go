package scope_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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

func TestScopesAreParsed(t *testing.T) {
	for text, want := range map[string]scope.Scope{
		`{}`: {},
		`{"channel":{"name":"WEBSITE_CHAT","accountId":"1"}}`:                {Channel: &texter.ChannelFilter{Name: texter.ChannelWebsiteChat, AccountID: "1"}},
		`{"channel":{"name":"whatsapp","accountId":"1"},"labels":["b"]}`:     {Channel: &texter.ChannelFilter{Name: texter.ChannelWhatsApp, AccountID: "1"}, Labels: []string{"b"}},
		` { "labels" : ["b", "a","b"] , "statuses": ["BULK","BOT"] } `:       {Labels: []string{"a", "b"}, Statuses: []texter.ChatStatus{texter.StatusBot, texter.StatusBulk}},
		`{"statuses":["BOT","PENDING","ASSIGNED","RESOLVED","BULK"]}`:        {Statuses: []texter.ChatStatus{0, 1, 2, 3, 4}},
		`{"labels":["לקוח חוזר","R&D+beta"],"statuses":["PENDING"]}`:         {Labels: []string{"R&D+beta", "לקוח חוזר"}, Statuses: []texter.ChatStatus{texter.StatusPending}},
		`{"channel":{"name":"EMAIL","accountId":"shop+orders@example.com"}}`: {Channel: &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: "shop+orders@example.com"}},
	} {
		t.Run(text, func(t *testing.T) {
			got := parse(t, text)
			if len(got.Labels) == 0 {
				got.Labels = nil
			}
			if len(got.Statuses) == 0 {
				got.Statuses = nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestScopesThatCouldShowTooMuchAreRefused: a slip must not show more chats.
func TestScopesThatCouldShowTooMuchAreRefused(t *testing.T) {
	for _, text := range []string{
		``, `null`, `[]`, `"canary"`, `canary`, `{"labels":["canary"]`, `{} {}`, `true`, `0`,
		`{"label":["canary"]}`, `{"search":"canary"}`, `{"showNoMessages":true}`,
		`{"labels":null}`, `{"labels":[]}`, `{"labels":"canary"}`, `{"labels":[""]}`, `{"labels":[null]}`, `{"labels":[1]}`, `{"labels":{}}`,
		`{"statuses":null}`, `{"statuses":[]}`, `{"statuses":["canary"]}`, `{"statuses":["TAKEN"]}`, `{"statuses":["bot"]}`, `{"statuses":[1]}`, `{"statuses":[null]}`,
		`{"labels":["canary"],"labels":["VIP"]}`, `{"statuses":["BOT"],"labels":["canary"],"statuses":["BOT"]}`, `{"channel":{"name":"EMAIL","name":"EMAIL","accountId":"canary"}}`,
		`{"channel":{"name":"EMAIL","accountId":"1","accountId":"canary"}}`, `{"labels":["canary"],"l\u0061bels":["VIP"]}`, `{"channel":{"NAME":"EMAIL","accountId":"canary"}}`,
		`{"statuses":["BOT","BOT","BOT","BOT","BOT","BOT","canary"]}`,
		`{"channel":null}`, `{"channel":{}}`, `{"channel":"canary"}`, `{"channel":{"name":"EMAIL"}}`, `{"channel":{"accountId":"canary"}}`,
		`{"channel":{"name":"SMS","accountId":"canary"}}`, `{"channel":{"name":"EMAIL","accountId":""}}`, `{"channel":{"name":"EMAIL","accountId":null}}`,
		`{"channel":{"name":"EMAIL","accountId":"canary","canary":1}}`, `{"channel":[{"name":"EMAIL","accountId":"canary"}]}`,
		`{"labels":["` + strings.Join(strings.Split(strings.Repeat("a", 101), ""), `","`) + `"],"x":1}`,
	} {
		t.Run(fmt.Sprintf("%.80s", text), func(t *testing.T) {
			if s, err := scope.Parse([]byte(text)); err == nil {
				t.Errorf("got %+v", s)
			} else if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error quotes it: %v", err)
			}
		})
	}
}

// onePage returns this page for every search.
type onePage struct {
	page     *texter.SearchPage
	searches int
}

func (a *onePage) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	a.searches++
	return a.page, nil
}

// page is a page of rows with these fields.
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

func TestErrorsOfScopesSayWhatToChange(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                                                 "must be a JSON object with any of channel, labels and statuses, each once",
		`{"labels":["a"],"labels":[]}`:                       "must be a JSON object with any of channel, labels and statuses, each once",
		`{"search":"dana"}`:                                  "must have no other part than channel, labels and statuses",
		`{"channel":[]}`:                                     "must have as channel an object of name and accountId",
		`{"channel":{"name":"EMAIL"}}`:                       "must have as channel an object of name and accountId",
		`{"channel":{"name":1,"accountId":"1"}}`:             "must have as channel an object of name and accountId",
		`{"channel":{"name":"EMAIL","accountId":1}}`:         "must have as channel an object of name and accountId",
		`{"channel":{"name":"EMAIL","accountId":"1","x":1}}`: "must have as channel an object of name and accountId",
		`{"channel":{"name":"EMAIL","name":"EMAIL","accountId":"1"}}`: "must have as channel an object of name and accountId",
		`{"labels":[]}`:                "must have as labels and statuses lists of strings that are not empty",
		`{"statuses":"BOT"}`:           "must have as labels and statuses lists of strings that are not empty",
		`{"labels":["a",1]}`:           "must have as labels and statuses lists of strings that are not empty",
		`{"statuses":["BOT","TAKEN"]}`: "must have as statuses any of BOT, PENDING, ASSIGNED, RESOLVED and BULK",
	} {
		if _, err := scope.Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestChatsOutsideTheScopeAreNotShown, even if Texter does not filter.
func TestChatsOutsideTheScopeAreNotShown(t *testing.T) {
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
		t.Run(name, func(t *testing.T) {
			next := &onePage{page: page(t, inside, strings.Replace(inside, test.from, test.to, 1))}
			page, err := scope.Searcher{Next: next}.SearchChats(scope.NewContext(t.Context(), s), texter.SearchOptions{})
			if test.breach != errors.Is(err, scope.ErrBreach) || test.breach != (page == nil) {
				t.Errorf("got %v, %v", page, err)
			}
			if page, err := (scope.Searcher{Next: next}).SearchChats(scope.NewContext(t.Context(), scope.Scope{}), texter.SearchOptions{}); err != nil || len(page.Chats()) != 2 {
				t.Errorf("without a scope's parts: got %v, %v", page, err)
			}
		})
	}
}

// TestTheCheckDoesNotPinThePage: what it reads is not read after Release.
func TestTheCheckDoesNotPinThePage(t *testing.T) {
	searches := 0
	client := newClient(t, func() string {
		searches++
		return fmt.Sprintf(`{"data":[{"_id":"x","title":"%06d","labels":["a"]}],"total":1}`, searches)
	})
	ctx := scope.NewContext(t.Context(), parse(t, `{"labels":["a"]}`))
	search := func() *texter.SearchPage {
		page, err := scope.Searcher{Next: client}.SearchChats(ctx, texter.SearchOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	first := search()
	row := first.ChatViews()[0]
	first.Release()
	for range 1000 {
		if changed(row, "000001") {
			return
		}
		search().Release()
	}
	t.Error("no other page got the memory of the page")
}

// newClient returns a client that uses the memory of pages again, and gets these bodies.
func newClient(t *testing.T, body func() string) *texter.Client {
	t.Helper()
	client, err := texter.NewClient(texter.Options{
		BaseURL: "https://texter.example", Token: func(context.Context) (string, error) { return "token", nil }, Reuse: true,
		Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body()))}, nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// changed reports whether a row has another title. Under the race detector, a row
// whose memory is given back has nothing at all, and panics.
func changed(row *texter.Chat, title string) (yes bool) {
	defer func() { yes = recover() != nil || yes }()
	return row.Title().String() != title
}

func TestThereIsNoSearchWithoutAScope(t *testing.T) {
	next := &onePage{}
	if page, err := (scope.Searcher{Next: next}).SearchChats(t.Context(), texter.SearchOptions{}); err == nil || page != nil || next.searches != 0 {
		t.Errorf("got %v, %v after %d searches", page, err, next.searches)
	}
}

// recordedAnswers records the requests that it gets.
type recordedAnswers struct{ requests []string }

func (a *recordedAnswers) Recall(_ context.Context, request ...string) any {
	a.requests = append(a.requests, strings.Join(request, "|"))
	return "an answer"
}

func (a *recordedAnswers) Remember(_ context.Context, _ *texter.SearchPage, _ int, _ func() any, request ...string) {
	a.requests = append(a.requests, strings.Join(request, "|"))
}

// TestEachScopeHasItsAnswers: the requests of different scopes are different, and
// there are none without a scope.
func TestEachScopeHasItsAnswers(t *testing.T) {
	texts := []string{
		`{}`, `{"labels":["a"]}`, `{"labels":["a","b"]}`, `{"labels":["a&labels[]=b"]}`, `{"labels":["a&labels%5B%5D=b"]}`, `{"statuses":["BOT"]}`, `{"statuses":["BOT","BULK"]}`,
		`{"channel":{"name":"EMAIL","accountId":"1"}}`, `{"channel":{"name":"WHATSAPP","accountId":"1"}}`, `{"channel":{"name":"WHATSAPP","accountId":"2"}}`,
		`{"channel":{"name":"WHATSAPP","accountId":"1"},"labels":["a"]}`, `{"channel":{"name":"WHATSAPP","accountId":"1&labels[]=a"}}`,
	}
	seen := map[string]string{}
	for _, text := range texts {
		t.Run(text, func(t *testing.T) {
			next := &recordedAnswers{}
			ctx := scope.NewContext(t.Context(), parse(t, text))
			s := scope.Answers{Next: next}
			if s.Recall(ctx, "x", "y") != "an answer" {
				t.Error("no answer")
			}
			s.Remember(ctx, nil, 1, nil, "x", "y")
			if len(next.requests) != 2 || next.requests[0] != next.requests[1] || !strings.HasSuffix(next.requests[0], "|x|y") {
				t.Errorf("asked %q", next.requests)
			}
			if other, ok := seen[next.requests[0]]; ok {
				t.Errorf("%s is as %s", text, other)
			}
			seen[next.requests[0]] = text
		})
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
