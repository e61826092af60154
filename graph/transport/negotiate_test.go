package transport_test

import (
	"fmt"
	"testing"
)

// TestAccept looks at the media type that each Accept header gets: "" is a
// refusal.
func TestAccept(t *testing.T) {
	for _, test := range []struct {
		accept []string
		want   string
	}{
		{nil, jsonType},
		{[]string{""}, jsonType},
		{[]string{"*/*"}, jsonType},
		{[]string{"application/*"}, jsonType},
		{[]string{"text/html, */*;q=0.8"}, jsonType},
		{[]string{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}, jsonType},
		{[]string{jsonType}, jsonType},
		{[]string{"Application/JSON"}, jsonType},
		{[]string{jsonType + "; charset=UTF-8"}, jsonType},
		{[]string{graphQLType}, graphQLType},
		{[]string{"Application/GraphQL-Response+JSON, application/json"}, graphQLType},
		{[]string{graphQLType + "; charset=utf-8"}, graphQLType},
		{[]string{graphQLType + ", " + jsonType}, graphQLType},
		{[]string{jsonType + ", " + graphQLType}, graphQLType},
		{[]string{jsonType, graphQLType}, graphQLType},
		{[]string{graphQLType + ";charset=utf-8, " + jsonType + ";charset=utf-8"}, graphQLType},
		{[]string{graphQLType + ", " + jsonType + ";q=0.9"}, graphQLType},
		{[]string{graphQLType + ";q=0.5, " + jsonType}, jsonType},
		{[]string{graphQLType + ";q=0.5, " + jsonType + ";q=0.4"}, graphQLType},
		{[]string{graphQLType + ";q=0.5, */*"}, jsonType},
		{[]string{graphQLType + ";q=0, */*"}, jsonType},
		{[]string{jsonType + ";q=0, */*;q=0.1"}, graphQLType},
		{[]string{jsonType + ";q=0, application/*"}, graphQLType},
		{[]string{"*/*;q=0, " + jsonType}, jsonType},
		{[]string{"application/*;q=0.1, " + graphQLType + ";q=0.2"}, graphQLType},
		{[]string{"nonsense;;;, " + jsonType}, jsonType},
		{[]string{"text/html"}, ""},
		{[]string{"text/html, image/png"}, ""},
		{[]string{"*/*;q=0"}, ""},
		{[]string{"application/*;q=0"}, ""},
		{[]string{jsonType + ";q=0"}, ""},
		{[]string{jsonType + ";q=0, " + graphQLType + ";q=0.0"}, ""},
		{[]string{jsonType + "; charset=utf-16"}, ""},
		{[]string{"application/jsonp"}, ""},
		{[]string{"application/vnd.api+json"}, ""},
		{[]string{"nonsense"}, ""},
	} {
		status, mediaType, searches := 200, test.want, 1
		if test.want == "" {
			status, mediaType, searches = 406, jsonType, 0
		}
		t.Run(fmt.Sprintf("%q gets %d %s", test.accept, status, test.want), func(t *testing.T) {
			r := post(operation("{ searchChats { totalCount } }"))
			r.Header["Accept"] = test.accept
			w, done := serve(r)
			if assertResponse(t, w, status, mediaType); done != searches {
				t.Errorf("%d searches, want %d", done, searches)
			}
		})
	}
}

// TestRequestErrors: a document that can't be executed has no data in either media
// type. Clients of the older one expect 200.
func TestRequestErrors(t *testing.T) {
	for body, want := range map[string]string{
		operation("{"):        "GRAPHQL_PARSE_FAILED",
		operation("nonsense"): "GRAPHQL_PARSE_FAILED",
		operation("{ searchChats(first: ) { totalCount } }"):                    "GRAPHQL_PARSE_FAILED",
		operation("# nothing"):                                                  "GRAPHQL_PARSE_FAILED",
		operation("{ nonsense }"):                                               "GRAPHQL_VALIDATION_FAILED",
		operation("{ searchChats }"):                                            "GRAPHQL_VALIDATION_FAILED",
		operation("mutation { x }"):                                             "GRAPHQL_VALIDATION_FAILED",
		operation("subscription { x }"):                                         "GRAPHQL_VALIDATION_FAILED",
		operation("query A { __typename } query B { __typename }"):              "GRAPHQL_VALIDATION_FAILED",
		`{"query":"query A { __typename }","operationName":"B"}`:                "GRAPHQL_VALIDATION_FAILED",
		`{"query":"query($n: Int!) { searchChats(first: $n) { totalCount } }"}`: "GRAPHQL_VALIDATION_FAILED",
		`{"query":"query($n: Int!) { searchChats(first: $n) { totalCount } }","variables":{"n":"canary"}}`:                     "GRAPHQL_VALIDATION_FAILED",
		`{"query":"query($f: ChatFilter) { searchChats(filter: $f) { totalCount } }","variables":{"f":{"search":["canary"]}}}`: "GRAPHQL_VALIDATION_FAILED",
	} {
		for mediaType, status := range map[string]int{graphQLType: 400, jsonType: 200} {
			t.Run(fmt.Sprintf("%s is %s with %d", body, want, status), func(t *testing.T) {
				w, done := serve(post(body, "Accept: "+mediaType))
				assertResponse(t, w, status, mediaType)
				if got := codes(t, w); len(got) != 1 || got[0] != want || done != 0 {
					t.Errorf("got %v after %d searches", got, done)
				}
				if _, hasData := members(t, w)["data"]; hasData {
					t.Errorf("there is data: %s", w.Body)
				}
			})
		}
	}
}

// TestFieldErrors: a field that fails gets 200 with data in both media types.
func TestFieldErrors(t *testing.T) {
	for _, mediaType := range []string{graphQLType, jsonType} {
		t.Run(mediaType, func(t *testing.T) {
			w, _ := serve(post(operation("{ searchChats(first: -1) { totalCount } }"), "Accept: "+mediaType))
			assertResponse(t, w, 200, mediaType)
			if data := members(t, w)["data"]; string(data) != `{"searchChats":null}` || len(codes(t, w)) != 1 {
				t.Errorf("got %s", w.Body)
			}
		})
	}
}
