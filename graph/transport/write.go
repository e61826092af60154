package transport

import (
	"encoding/json"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// buffers are those of answers that have been sent.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooledBuffer is the largest that is kept, in bytes: an answer of 1,000
// chats takes about 3 MB.
const maxPooledBuffer = 4 << 20

// write sends a response: data, unless nothing was executed; errors and
// extensions, if there are any. Data is JSON already and goes out as it is.
func (a answer) write(status int, response *graphql.Response) {
	buffer := buffers.Get().(*[]byte)
	body := a.append((*buffer)[:0], response)

	header := a.w.Header()
	header.Set("Content-Type", a.mediaType+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, no-store")
	header.Add("Vary", "Accept, Authorization")
	a.w.WriteHeader(status)
	_, _ = a.w.Write(body) // a client that is gone needs no answer

	if cap(body) <= maxPooledBuffer {
		*buffer = body
		buffers.Put(buffer)
	}
}

// append appends a response.
func (a answer) append(b []byte, response *graphql.Response) []byte {
	b = append(b, '{')
	if response.Data != nil {
		b = append(b, `"data":`...)
		b = a.later.append(b, response.Data)
	}
	b = appendEntry(b, len(response.Errors), "errors", response.Errors)
	b = appendEntry(b, len(response.Extensions), "extensions", response.Extensions)
	return append(b, '}')
}

// appendEntry appends a member of the response, if it is not empty.
func appendEntry(b []byte, length int, name string, value any) []byte {
	if length == 0 {
		return b
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // only what this program puts into errors and extensions can fail
	}
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(append(append(b, '"'), name...), `":`...), encoded...)
}
