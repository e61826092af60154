package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"texter-graphql/graph/live"
	"texter-graphql/internal/webhook"
	"texter-graphql/texter"
)

const secret = "s3cret+/="

func TestHandler(t *testing.T) {
	about := func(chat string) string { return `{"eventName":"chatPending","eventData":{"chat":` + chat + `}}` }
	status := texter.StatusPending
	for name, test := range map[string]struct {
		path, authorization, body string
		status                    int
		event                     live.Event
	}{
		"the secret in the header":            {"", "Bearer " + secret, about(`{"_id":"a"}`), 204, live.Event{ChatID: "a"}},
		"a scheme in another case":            {"", "bearer " + secret, about(`{"_id":"a"}`), 204, live.Event{ChatID: "a"}},
		"spaces around the secret":            {"", "Bearer  " + secret + " ", about(`{"_id":"a"}`), 204, live.Event{ChatID: "a"}},
		"the secret in the path":              {"/s3cret+%2F=", "", about(`{"_id":"a"}`), 204, live.Event{ChatID: "a"}},
		"no secret":                           {"", "", about(`{"_id":"a"}`), 401, live.Event{}},
		"an empty secret":                     {"/", "Bearer ", about(`{"_id":"a"}`), 401, live.Event{}},
		"a part of the secret":                {"", "Bearer s3cret", about(`{"_id":"a"}`), 401, live.Event{}},
		"another secret in the path":          {"/x", "Bearer " + secret, about(`{"_id":"a"}`), 401, live.Event{}},
		"the secret as a password":            {"", "Basic " + secret, about(`{"_id":"a"}`), 401, live.Event{}},
		"status, labels and account":          {"", "Bearer " + secret, about(`{"_id":"a","status":1,"labels":["vip"],"channelInfo":{"name":"whatsapp","accountId":"9"}}`), 204, live.Event{ChatID: "a", Status: &status, LabelIDs: []string{"vip"}, Channel: &texter.ChannelFilter{Name: "whatsapp", AccountID: "9"}}},
		"a chat without labels":               {"", "Bearer " + secret, about(`{"_id":"a","labels":[]}`), 204, live.Event{ChatID: "a", LabelIDs: []string{}}},
		"values of other types":               {"", "Bearer " + secret, about(`{"_id":"a","status":"PENDING","labels":"vip","channelInfo":7}`), 204, live.Event{ChatID: "a"}},
		"an id of another type":               {"", "Bearer " + secret, about(`{"_id":7}`), 204, live.Event{}},
		"nothing about a chat":                {"", "Bearer " + secret, `{"eventName":"channelHealthProblemCreated","eventData":{"problem":{}}}`, 204, live.Event{}},
		"what is no JSON":                     {"", "Bearer " + secret, `{`, 400, live.Event{}},
		"a chat with a label of another type": {"", "Bearer " + secret, about(`{"_id":"a","labels":["vip",7]}`), 204, live.Event{ChatID: "a"}},
		"an account without an id":            {"", "Bearer " + secret, about(`{"_id":"a","channelInfo":{"name":"whatsapp"}}`), 204, live.Event{ChatID: "a"}},
		"an account whose id is a number":     {"", "Bearer " + secret, about(`{"_id":"a","channelInfo":{"name":"whatsapp","accountId":9}}`), 204, live.Event{ChatID: "a"}},
		"an account without a channel":        {"", "Bearer " + secret, about(`{"_id":"a","channelInfo":{"accountId":"9"}}`), 204, live.Event{ChatID: "a"}},
		"the largest body":                    {"", "Bearer " + secret, strings.Repeat(" ", 256<<10-2) + "{}", 204, live.Event{}},
		"a body that is too large":            {"", "Bearer " + secret, strings.Repeat(" ", 256<<10-1) + "{}", 413, live.Event{}},
		"more than one segment behind":        {"/s3cret+%2F=/x", "", about(`{"_id":"a"}`), 401, live.Event{}},
	} {
		t.Run(name, func(t *testing.T) {
			var got live.Event
			var outcome webhook.Outcome
			h := webhook.Handler(webhook.Options{
				Secret: func() string { return secret }, Notify: func(e live.Event) { got = e }, Received: func(o webhook.Outcome) { outcome = o },
			})
			r := httptest.NewRequest(http.MethodPost, webhook.Path+test.path, strings.NewReader(test.body))
			if test.authorization != "" {
				r.Header.Set("Authorization", test.authorization)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != test.status || w.Body.Len() > 0 || !reflect.DeepEqual(got, test.event) {
				t.Errorf("got %d and %+v", w.Code, got)
			}
			want := map[int]webhook.Outcome{204: webhook.Accepted, 400: webhook.Invalid, 401: webhook.Refused, 413: webhook.Invalid}[test.status]
			if test.status == 204 && test.event.ChatID == "" {
				want = webhook.Ignored
			}
			if outcome != want || (w.Header().Get("WWW-Authenticate") == "Bearer") != (w.Code == 401) {
				t.Errorf("it is %s, with %v", outcome, w.Header())
			}
		})
	}
}

// TestOutcomes holds the words that metrics have for them.
func TestOutcomes(t *testing.T) {
	if want := []webhook.Outcome{"accepted", "ignored", "refused", "invalid"}; !slices.Equal(webhook.Outcomes, want) {
		t.Errorf("they are %q", webhook.Outcomes)
	}
}

// TestNobodyNeedsToBeTold: without metrics, there is nobody to tell of requests.
func TestNobodyNeedsToBeTold(t *testing.T) {
	w := httptest.NewRecorder()
	webhook.Handler(webhook.Options{Secret: func() string { return secret }}).ServeHTTP(w, httptest.NewRequest(http.MethodPost, webhook.Path, http.NoBody))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("got %d", w.Code)
	}
}
