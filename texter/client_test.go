package texter_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// Canaries stand in what the text of an error must not hold.
const (
	canaryToken  = "canary-token-3c9a"
	canarySearch = "canary-search-0d41"
	canaryBody   = "canary-body-88ee"
)

// basePath is the path of the API of these tests' upstreams.
const basePath = "/canary-base/v2"

// emptyPage is the shortest body that keeps the contract.
const emptyPage = `{"data":[],"total":0}`

// newClient starts an upstream and makes a client of it.
func newClient(t *testing.T, serve http.HandlerFunc, change ...func(*texter.Options)) *texter.Client {
	t.Helper()
	upstream := httptest.NewServer(serve)
	t.Cleanup(upstream.Close)
	options := texter.Options{
		BaseURL: upstream.URL + basePath,
		Token:   func(context.Context) (string, error) { return canaryToken, nil },
	}
	for _, f := range change {
		f(&options)
	}
	client, err := texter.NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// sent makes one call and returns the request that the upstream saw.
func sent(t *testing.T, o texter.SearchOptions, change ...func(*texter.Options)) *http.Request {
	t.Helper()
	var requests []*http.Request
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r)
		fmt.Fprint(w, emptyPage)
	}, change...)
	if _, err := client.SearchChats(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if len(requests) != 1 {
		t.Fatalf("the upstream saw %d requests", len(requests))
	}
	return requests[0]
}

// parameters are the parameters of a request, as a server reads them.
func parameters(t *testing.T, r *http.Request) url.Values {
	t.Helper()
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// TestSearchesAreGetsWithFourHeaders looks at everything of a request but its
// parameters.
func TestSearchesAreGetsWithFourHeaders(t *testing.T) {
	r := sent(t, texter.SearchOptions{})
	if r.Method != http.MethodGet || r.URL.Path != basePath+"/chats/search" || r.ContentLength != 0 {
		t.Errorf("got %s %s with a body of %d bytes", r.Method, r.URL.Path, r.ContentLength)
	}
	want := http.Header{
		"Authorization":   {"Bearer " + canaryToken},
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
		"User-Agent":      {"texter-graphql"},
	}
	if !reflect.DeepEqual(r.Header, want) {
		t.Errorf("the headers are %v", r.Header)
	}
}

func TestBaseURLsMayEndInASlash(t *testing.T) {
	r := sent(t, texter.SearchOptions{}, func(o *texter.Options) { o.BaseURL += "/" })
	if r.URL.Path != basePath+"/chats/search" {
		t.Errorf("the path is %s", r.URL.Path)
	}
}

func TestEveryOptionHasItsParameter(t *testing.T) {
	all := texter.SearchOptions{
		ChatFilter: texter.ChatFilter{
			Search:         new("dana"),
			Channel:        &texter.ChannelFilter{Name: texter.ChannelWebsiteChat, AccountID: "972509876543"},
			Labels:         []string{"VIP", "new"},
			Statuses:       []texter.ChatStatus{texter.StatusBot, texter.StatusPending, texter.StatusAssigned, texter.StatusResolved, texter.StatusBulk},
			ShowNoMessages: new(true),
		},
		Limit: 10_000,
		Skip:  20_000,
	}
	for name, test := range map[string]struct {
		options texter.SearchOptions
		want    url.Values
	}{
		"none": {texter.SearchOptions{}, url.Values{}},
		"all": {all, url.Values{
			"search":             {"dana"},
			"channel[name]":      {"website_chat"},
			"channel[accountId]": {"972509876543"},
			"labels[]":           {"VIP", "new"},
			"statuses[]":         {"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK"},
			"showNoMessages":     {"true"},
			"limit":              {"10000"},
			"skip":               {"20000"},
		}},
		"no showNoMessages": {
			texter.SearchOptions{ChatFilter: texter.ChatFilter{ShowNoMessages: new(false)}},
			url.Values{"showNoMessages": {"false"}},
		},
		"empty lists": {
			texter.SearchOptions{ChatFilter: texter.ChatFilter{Labels: []string{}, Statuses: []texter.ChatStatus{}}},
			url.Values{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parameters(t, sent(t, test.options)); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestValuesStayInTheirParameter sends values that would break out of their
// parameter if they were not encoded.
func TestValuesStayInTheirParameter(t *testing.T) {
	for _, value := range []string{
		"&limit=10000", "x&skip=1", "a=b;c=d", "../../admin", "%0d%0aX-Evil: 1", "\r\nX-Evil: 1", "a\x00b",
		"#fragment", "?search=x", "1+1 = 2", "%2526", "שלום עולם", "👩‍👩‍👧 🇮🇱", "\u202e\ufeff", "\xff\xfe", `"'<>\`, strings.Repeat("ab", 2000),
	} {
		t.Run(fmt.Sprintf("%.40q", value), func(t *testing.T) {
			r := sent(t, texter.SearchOptions{ChatFilter: texter.ChatFilter{
				Search:  &value,
				Channel: &texter.ChannelFilter{Name: texter.ChannelName(value), AccountID: value},
				Labels:  []string{value, "other", value},
			}})
			want := url.Values{
				"search": {value}, "channel[name]": {value}, "channel[accountId]": {value}, "labels[]": {value, "other", value},
			}
			if got := parameters(t, r); !reflect.DeepEqual(got, want) {
				t.Errorf("got %q", got)
			}
			if r.URL.Path != basePath+"/chats/search" || len(r.Header) != 4 {
				t.Errorf("path %s, headers %v", r.URL.Path, r.Header)
			}
		})
	}
}
