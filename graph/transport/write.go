package transport

import (
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// write sends a response: data, unless nothing was executed; errors and
// extensions, if there are any. Data is JSON already and goes out as it is.
func (a answer) write(status int, response *graphql.Response) {
	head, tail := []byte("{"), []byte(nil)
	if response.Data != nil {
		head = append(head, `"data":`...)
	}
	tail = appendEntry(tail, response.Data != nil, len(response.Errors), "errors", response.Errors)
	tail = appendEntry(tail, response.Data != nil || tail != nil, len(response.Extensions), "extensions", response.Extensions)
	tail = append(tail, '}')

	header := a.w.Header()
	header.Set("Content-Type", a.mediaType+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(head)+len(response.Data)+len(tail)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, no-store")
	header.Add("Vary", "Accept, Authorization")
	a.w.WriteHeader(status)
	for _, part := range [][]byte{head, response.Data, tail} {
		_, _ = a.w.Write(part) // a client that is gone needs no answer
	}
}

// appendEntry appends a member of the response, if it is not empty.
func appendEntry(b []byte, follows bool, length int, name string, value any) []byte {
	if length == 0 {
		return b
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // only what this program puts into errors and extensions can fail
	}
	if follows {
		b = append(b, ',')
	}
	return append(append(append(append(b, '"'), name...), `":`...), encoded...)
}
