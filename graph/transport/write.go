package transport

import (
	"encoding/json"
	"strconv"
	"sync"
)

// buffers are those of answers that have been sent.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooledBuffer is the largest that is kept, in bytes: an answer of 1,000
// chats takes about 3 MB.
const maxPooledBuffer = 4 << 20

// write sends a response, and keeps it for the key, if it may be kept. A nil key
// keeps nothing.
func (a *answer) write(status int, response *Response, key []string) {
	buffer := buffers.Get().(*[]byte)
	body := response.append((*buffer)[:0])
	if key != nil && response.Keep != nil {
		response.Keep(body, key...)
	}
	a.send(status, body)
	if cap(body) <= maxPooledBuffer {
		*buffer = body
		buffers.Put(buffer)
	}
}

// send sends a body.
func (a *answer) send(status int, body []byte) {
	header := a.w.Header()
	values := [...]string{a.mediaType + "; charset=utf-8", strconv.Itoa(len(body)), "nosniff", "private, no-store"}
	for i, name := range [...]string{"Content-Type", "Content-Length", "X-Content-Type-Options", "Cache-Control"} {
		header[name] = values[i : i+1 : i+1] // as Set does it, in one allocation
	}
	header.Add("Vary", "Accept, Authorization")
	a.begun = true
	a.w.WriteHeader(status)
	_, _ = a.w.Write(body) // a client that is gone needs no answer
}

// append appends a response: data, unless nothing was executed; errors and
// extensions, if there are any.
func (r *Response) append(b []byte) []byte {
	b = append(b, '{')
	if r.Data != nil {
		b = r.Data.AppendJSON(append(b, `"data":`...))
	}
	if len(r.Errors) > 0 {
		encoded, err := json.Marshal(r.Errors)
		if err != nil {
			panic(err) // only what this program puts into errors can fail
		}
		b = appendEntry(b, `"errors":`, encoded)
	}
	if r.Extensions != nil {
		b = appendEntry(b, `"extensions":`, r.Extensions)
	}
	return append(b, '}')
}

// appendEntry appends a member of the response.
func appendEntry(b []byte, name string, value []byte) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(append(b, name...), value...)
}
