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

// write sends a response: data, unless nothing was executed; errors and
// extensions, if there are any. Data is JSON already and goes out as it is.
func (a answer) write(status int, response *Response) {
	buffer := buffers.Get().(*[]byte)
	body := a.append((*buffer)[:0], response)
	if a.finished != nil {
		a.finished(body)
	}
	a.send(status, body)
	if cap(body) <= maxPooledBuffer {
		*buffer = body
		buffers.Put(buffer)
	}
}

// send sends a body.
func (a answer) send(status int, body []byte) {
	header := a.w.Header()
	values := [...]string{a.mediaType + "; charset=utf-8", strconv.Itoa(len(body)), "nosniff", "private, no-store"}
	for i, name := range [...]string{"Content-Type", "Content-Length", "X-Content-Type-Options", "Cache-Control"} {
		header[name] = values[i : i+1 : i+1] // as Set does it, in one allocation
	}
	header.Add("Vary", "Accept, Authorization")
	a.w.WriteHeader(status)
	_, _ = a.w.Write(body) // a client that is gone needs no answer
}

// append appends a response.
func (a answer) append(b []byte, response *Response) []byte {
	b = append(b, '{')
	if response.Data != nil {
		b = append(b, `"data":`...)
		b = a.later.append(b, response.Data)
	}
	if len(response.Errors) > 0 {
		encoded, err := json.Marshal(response.Errors)
		if err != nil {
			panic(err) // only what this program puts into errors can fail
		}
		b = appendEntry(b, `"errors":`, encoded)
	}
	if response.Extensions != nil {
		b = appendEntry(b, `"extensions":`, response.Extensions)
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
