package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// The cases.
const (
	cold      = "cold"      // each request has another search, so that each goes upstream
	coalesced = "coalesced" // all connections send the same search, and the upstream takes a while
	cached    = "cached"    // all connections send the same search, and the service has a cache
)

// upstreamDelay is how long the upstream takes in the case coalesced. It is less
// than Texter takes, and long enough for equal searches to meet.
const upstreamDelay = 5 * time.Millisecond

// inbox is a list with some fields of each row.
const inbox = `query Inbox($filter: ChatFilter, $page: PageInput) {
  searchChats(filter: $filter, page: $page) {
    totalCount
    pageInfo { hasPreviousPage hasNextPage }
    nodes { id name status unreadCount lastMessageAt %s }
  }
}`

// inboxFields are the fields that a selection of a list has beside the five.
var inboxFields = map[string]string{"five": "", "ids": "labelIds", "named": "labels { name color }"}

// scenario is one case.
type scenario struct {
	mode   string
	rows   int
	fields string
}

// String names the case.
func (s scenario) String() string {
	return fmt.Sprintf("%s, %d rows, %s fields", s.mode, s.rows, s.fields)
}

// delay returns how long the upstream takes.
func (s scenario) delay() time.Duration {
	if s.mode == coalesced {
		return upstreamDelay
	}
	return 0
}

// runs reports whether a server is measured in this case. Servers that neither
// coalesce nor cache are left out where that is all that differs. What logs,
// metrics and traces cost is measured with pages of 30 rows only.
func (s scenario) runs(name string) bool {
	switch name {
	case "plain", "mercurius":
		return s.mode == cold
	case "unobserved", "observed":
		return s.mode == cold && s.rows <= 30
	}
	return true
}

// request is an HTTP request with a place for the number of the search. All
// numbers have the same length.
type request struct{ head, tail []byte }

// number stands for a search that is asked for by number.
const number = "%010d"

func (r request) append(b []byte, n int64) []byte {
	return append(fmt.Appendf(append(b, r.head...), number, n), r.tail...)
}

const headers = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer bench\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"

// rest returns the request to the REST API.
func (s scenario) rest() request {
	return request{
		head: []byte("GET /server/api/v2/chats/search?search=s"),
		tail: fmt.Appendf(nil, "&limit=%d%s\r\n", s.rows, headers),
	}
}

// raw matches the selection of a raw field.
var raw = regexp.MustCompile(`\s+raw\b`)

// document returns the query: all fields, all but the raw ones, or a list.
func (s scenario) document(root string) (string, error) {
	if fields, ok := inboxFields[s.fields]; ok {
		return fmt.Sprintf(inbox, fields), nil
	}
	all, err := os.ReadFile(filepath.Join(root, "graph/testdata/all-fields.graphql"))
	if s.fields == "typed" {
		all = raw.ReplaceAll(all, nil)
	}
	return string(all), err
}

// graphQL returns the request to a GraphQL server.
func (s scenario) graphQL(root string) (request, error) {
	document, err := s.document(root)
	if err != nil {
		return request{}, err
	}
	query, err := json.Marshal(document)
	if err != nil {
		return request{}, err
	}
	head := fmt.Sprintf(`{"query":%s,"variables":{"page":{"first":%d},"filter":{"search":"s`, query, s.rows)
	tail := `"}}}`
	length := len(head) + len(fmt.Sprintf(number, 0)) + len(tail)
	return request{
		head: fmt.Appendf(nil, "POST /graphql%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", headers, length, head),
		tail: []byte(tail),
	}, nil
}
