package texter_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// labelsOf asks a server for labels.
func labelsOf(t *testing.T, handler http.Handler) (*texter.Labels, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := texter.NewClient(texter.Options{BaseURL: server.URL + sandbox.BasePath, Token: func(context.Context) (string, error) { return "token", nil }})
	if err != nil {
		t.Fatal(err)
	}
	return client.Labels(t.Context())
}

// answerLabels is a server that answers every call for labels with the same body.
func answerLabels(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
}

func TestLabelsOfTheSandbox(t *testing.T) {
	for name, extra := range map[string]int{"one page": 0, "three pages": 25_000} {
		t.Run(name, func(t *testing.T) {
			chats := sandbox.New(sandbox.Options{Chats: -1, ExtraLabels: extra})
			labels, err := labelsOf(t, chats)
			if err != nil || len(labels.Listed) != len(chats.Labels()) {
				t.Fatalf("got %v, %v", labels, err)
			}
			for _, want := range chats.Labels() {
				got := labels.FindOrBare(want.ID)
				if got.ID != want.ID || *got.Name != want.Name || *got.Color != want.Color || (got.System != nil) != want.System {
					t.Errorf("got %+v, want %+v", got, want)
				}
			}
			if calls := 1 + extra/10_000; chats.Requests() != calls {
				t.Errorf("%d calls, want %d", chats.Requests(), calls)
			}
		})
	}
}

// TestLabelsAreSorted by name and then by id, by code point.
func TestLabelsAreSorted(t *testing.T) {
	labels := texter.NewLabels([]*texter.Label{
		{ID: "1", Name: new("b")}, {ID: "4", Name: new("א")}, {ID: "3", Name: new("a")}, {ID: "2", Name: new("a")}, {ID: "5", Name: new("B")}, {ID: "6"}, nil,
	})
	var ids []string
	for _, label := range labels.Listed {
		ids = append(ids, label.ID)
	}
	if want := []string{"6", "5", "2", "3", "1", "4"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

// TestNarrowedLabels lists some labels, and knows all.
func TestNarrowedLabels(t *testing.T) {
	all := texter.NewLabels([]*texter.Label{{ID: "a", Name: new("A")}, {ID: "b", Name: new("B")}})
	narrowed := all.Narrow([]string{"b", "gone"})
	if len(narrowed.Listed) != 1 || narrowed.Listed[0].ID != "b" || *narrowed.FindOrBare("a").Name != "A" || len(all.Listed) != 2 {
		t.Errorf("got %+v of %+v", narrowed, all)
	}
}

// TestStrangeLabels break nothing: what is of no use is left out.
func TestStrangeLabels(t *testing.T) {
	for name, test := range map[string]struct {
		labels string
		want   []string // id, name and color of each
	}{
		"the same id twice":       {`{"id":"a","name":"first"},{"id":"a","name":"second"}`, []string{"a first -"}},
		"no id":                   {`{"name":"x"},{"id":"","name":"y"},{"id":"b"},null`, []string{"b - -"}},
		"a color that is script":  {`{"id":"a","name":"n","color":"red;}</style><script>alert(1)</script>"}`, []string{"a n -"}},
		"a color with a line end": {`{"id":"a","name":"n","color":"#000000\n"}`, []string{"a n -"}},
		"a color of three digits": {`{"id":"a","name":"n","color":"#FFF"}`, []string{"a n -"}},
		"a good color":            {`{"id":"a","name":"n","color":"#2cCCE4","more":1}`, []string{"a n #2cCCE4"}},
		"null everywhere":         {`{"id":"a","name":null,"color":null,"system":null}`, []string{"a - -"}},
	} {
		t.Run(name, func(t *testing.T) {
			labels, err := labelsOf(t, answerLabels(`{"total":1,"labels":[`+test.labels+`]}`))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, label := range labels.Listed {
				got = append(got, strings.Join([]string{label.ID, orDash(label.Name), orDash(label.Color)}, " "))
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func orDash(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// TestBadLabels have a typed error that repeats nothing of the answer.
func TestBadLabels(t *testing.T) {
	for name, handler := range map[string]http.Handler{
		"no JSON":             answerLabels(`<html>canary`),
		"no total":            answerLabels(`{"labels":[]}`),
		"no labels":           answerLabels(`{"total":0,"labels":null}`),
		"a name of a number":  answerLabels(`{"total":1,"labels":[{"id":"a","name":12345}]}`),
		"labels of an object": answerLabels(`{"total":1,"labels":{"canary":1}}`),
		"labels without an end": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"total":1000000,"labels":[{"id":"canary%s"}]}`, r.URL.Query().Get("skip"))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			labels, err := labelsOf(t, handler)
			e, ok := errors.AsType[*texter.Error](err)
			if !ok || labels != nil || e.Cause != texter.CauseInvalidResponse || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "12345") {
				t.Errorf("got %v, %v", labels, err)
			}
		})
	}
	for status, cause := range map[int]texter.Cause{401: texter.CauseUnauthenticated, 403: texter.CauseForbidden, 429: texter.CauseRateLimited, 500: texter.CauseUnavailable} {
		t.Run(fmt.Sprint("status ", status), func(t *testing.T) {
			_, err := labelsOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
			if e, ok := errors.AsType[*texter.Error](err); !ok || e.Cause != cause {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestLabelsAsJSON: ParseLabels reads what AppendJSON wrote.
func TestLabelsAsJSON(t *testing.T) {
	labels := texter.NewLabels([]*texter.Label{{ID: "a", Name: new("\"<א>"), Color: new("#2CCCE4"), System: new(true)}, {ID: "b"}})
	text, err := labels.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	if parsed, err := texter.ParseLabels(text); err != nil || !reflect.DeepEqual(parsed, labels) {
		t.Errorf("got %+v, %v", parsed, err)
	}
}
