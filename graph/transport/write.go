package transport

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"sync"
)

// buffers are those of answers that have been sent.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooledBuffer is the largest that is kept, in bytes: an answer of 1,000
// chats takes about 3 MB.
const maxPooledBuffer = 4 << 20

// pieceSize is how many bytes of a large body are encoded before they are sent.
const pieceSize = 512 << 10

// write sends a response, and keeps it for the key, if it may be kept. A nil key
// keeps nothing. A body that is too large to be whole in memory is sent in pieces,
// from when it has WholeSize bytes.
func (a *answer) write(status int, response *Response, key []string) {
	buffer := buffers.Get().(*[]byte)
	inPieces, tooLarge := false, false
	body := response.append((*buffer)[:0], cmp.Or(response.WholeSize, math.MaxInt), func(piece []byte) (next []byte, more bool) {
		if !inPieces {
			inPieces = true
			size := response.size()
			if tooLarge = response.MaxSize > 0 && size > response.MaxSize; tooLarge {
				return piece[:0], false
			}
			a.sendHead(status, size)
		}
		return piece[:0], a.sendPart(piece) == nil
	})
	switch {
	case tooLarge:
		a.write(a.requestErrorStatus(), response.TooLarge(), nil)
	case inPieces:
		_ = a.sendPart(body) // a client that is gone needs no answer
	default:
		a.sendWhole(status, response, body, key)
	}
	if cap(body) <= maxPooledBuffer {
		*buffer = body
		buffers.Put(buffer)
	}
}

// sendPart sends a part of a large body, no more than pieceSize bytes at a time: a
// server gives a client more time for more bytes.
func (a *answer) sendPart(part []byte) error {
	for piece := range slices.Chunk(part, pieceSize) {
		if _, err := a.w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// sendWhole sends a response whose body is whole in memory.
func (a *answer) sendWhole(status int, response *Response, body []byte, key []string) {
	if key != nil && response.Keep != nil {
		response.Keep(body, key...)
	}
	if response.Encoded != nil {
		response.Encoded(len(body))
	}
	a.send(status, body)
}

// size returns the size of the body: once a part is sent, it is too late to refuse.
func (r *Response) size() int {
	rest := *r
	rest.Data = JSON{}
	return len(rest.append(nil, math.MaxInt, nil)) + r.Data.Size()
}

// send sends a body.
func (a *answer) send(status int, body []byte) {
	a.sendHead(status, len(body))
	_, _ = a.w.Write(body) // a client that is gone needs no answer
}

// sendHead sends the head of a response whose body has this size.
func (a *answer) sendHead(status, size int) {
	header := a.w.Header()
	values := [...]string{a.mediaType + "; charset=utf-8", strconv.Itoa(size), "nosniff", "private, no-store"}
	for i, name := range [...]string{"Content-Type", "Content-Length", "X-Content-Type-Options", "Cache-Control"} {
		header[name] = values[i : i+1 : i+1] // as Set does it, in one allocation
	}
	header.Add("Vary", "Accept, Authorization")
	a.begun = true
	a.w.WriteHeader(status)
}

// Body returns the body of the response, whole in memory. It is for responses
// whose size is known to be small, such as those of subscriptions.
func (r *Response) Body() []byte { return r.append(nil, math.MaxInt, nil) }

// append appends a response: data, unless nothing was executed; errors and
// extensions, if there are any. See Data.AppendJSON for its pieces.
func (r *Response) append(b []byte, pieceSize int, flush func([]byte) ([]byte, bool)) []byte {
	b = append(b, '{')
	isFirst := r.Data == nil
	if r.Data != nil {
		b = r.Data.AppendJSON(append(b, `"data":`...), pieceSize, flush)
	}
	if len(r.Errors) > 0 {
		encoded, err := json.Marshal(r.Errors)
		if err != nil {
			panic(err) // only what this program puts into errors can fail
		}
		b = appendMember(b, isFirst, `"errors":`, encoded)
		isFirst = false
	}
	if r.Extensions != nil {
		b = appendMember(b, isFirst, `"extensions":`, r.Extensions)
	}
	return append(b, '}')
}

// appendMember appends a member of the response.
func appendMember(b []byte, isFirst bool, name string, value []byte) []byte {
	if !isFirst {
		b = append(b, ',')
	}
	return append(append(b, name...), value...)
}
