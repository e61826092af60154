package hostile

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// caller is the header of a caller with a token of Texter.
const caller = "Authorization: Bearer caller"

// count is a document that takes one call to Texter.
const count = "{ searchChats { totalCount } }"

// counted are the parameters of that call.
var counted = url.Values{"limit": {"1"}}

// request returns the bytes of a request with these headers and no others.
func request(line, body string, headers ...string) string {
	return line + "\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n" + body
}

// postAs returns a POST request with a body of this media type and these headers.
func postAs(mediaType, body string, headers ...string) string {
	return request("POST /graphql HTTP/1.1", body, append([]string{
		"Host: localhost", "Content-Type: " + mediaType, fmt.Sprint("Content-Length: ", len(body)),
	}, headers...)...)
}

// post returns a caller's POST request with a JSON body.
func post(body string) string { return postAs("application/json", body, caller) }

// get returns a caller's GET request with a query string.
func get(query string, headers ...string) string {
	return request("GET /graphql?"+query+" HTTP/1.1", "", append([]string{"Host: localhost", caller, "Apollo-Require-Preflight: 1"}, headers...)...)
}

// operation returns the body of a request for an operation.
func operation(document string, variables any) string {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// ask returns a caller's POST request for an operation without variables.
func ask(document string) string { return post(operation(document, nil)) }

// quoted returns a text as a string of JSON.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}
