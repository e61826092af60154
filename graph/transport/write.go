package transport

import (
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"sync"
)

// buffers are those of answers that have been sent.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxPooledBuffer is the largest that is kept, in bytes: an answer of 1,000 chats
// takes about 3 MB. A larger one leaves in pieces from 4 MiB on, and append grows a
// buffer by a quarter.
const maxPooledBuffer = 6 << 20

// pieceSize is how many bytes of a large body are encoded before they are sent.
const pieceSize = 512 << 10

// write sends a response, and keeps it for the key, if it may be kept. A nil key
// keeps nothing. A body that is too large to be whole in memory is sent in pieces,
// from when it has WholeSize bytes.
func (a *answer) write(status int, response *Response, key []string) {
	keep := func(body []byte) {
		if key != nil && response.Keep != nil {
			response.Keep(body, key...)
		}
	}
	isFirst := true
	isTooLarge := response.Encode(keep, func(piece []byte, size int, _ bool) error {
		if isFirst {
			a.sendHead(status, size)
		}
		isFirst = false
		_, err := a.w.Write(piece)
		return err
	})
	if isTooLarge {
		a.write(a.requestErrorStatus(), response.TooLarge(), nil)
	}
}

// Encode encodes the body and gives it to keep and to send, or to send in pieces if it
// has more than WholeSize bytes. size is that of the whole body, or unknownSize. An error
// of send ends it: a client that is gone needs no answer. isTooLarge says that nothing was
// sent, because the body has more than MaxSize bytes; TooLarge has what to send.
func (r *Response) Encode(keep func(body []byte), send func(piece []byte, size int, isLast bool) error) (isTooLarge bool) {
	buffer := buffers.Get().(*[]byte)
	size, isWhole := 0, true
	sendPart := func(part []byte, isLast bool) error {
		rest := part
		for len(rest) > pieceSize { // a server gives a client more time for more bytes
			if err := send(rest[:pieceSize], size, false); err != nil {
				return err
			}
			rest = rest[pieceSize:]
		}
		return send(rest, size, isLast)
	}
	body := r.append((*buffer)[:0], cmp.Or(r.WholeSize, math.MaxInt), func(part []byte) (next []byte, more bool) {
		if isWhole {
			size, isTooLarge = r.measure()
		}
		isWhole = false
		return part[:0], !isTooLarge && sendPart(part, false) == nil
	})
	switch {
	case isTooLarge:
	case !isWhole:
		_ = sendPart(body, true)
	default:
		keep(body)
		if r.Encoded != nil {
			r.Encoded(len(body))
		}
		_ = send(body, len(body), true)
	}
	*buffer = body
	giveBack(buffer)
	return isTooLarge
}

// giveBack puts a buffer back, unless it is too large to be kept.
func giveBack(buffer *[]byte) {
	if cap(*buffer) <= maxPooledBuffer {
		buffers.Put(buffer)
	}
}

// unknownSize is the size of a body of which only a bound is known.
const unknownSize = -1

// measure returns the size of the body, and whether it is too large: once a part is sent,
// it is too late to refuse. It does not count where a bound will do.
func (r *Response) measure() (size int, isTooLarge bool) {
	rest := *r
	rest.Data = JSON{}
	size = len(rest.append(nil, math.MaxInt, nil))
	n, isExact := r.Data.Bound()
	isTooLarge = r.MaxSize > 0 && size+n > r.MaxSize
	switch {
	case isExact:
		return size + n, isTooLarge
	case !isTooLarge:
		return unknownSize, false
	}
	size += r.Data.Size()
	return size, size > r.MaxSize
}

// send sends a body.
func (a *answer) send(status int, body []byte) {
	a.sendHead(status, len(body))
	_, _ = a.w.Write(body) // a client that is gone needs no answer
}

// sendHead sends the head of a response whose body has this size. A body of unknown size
// goes in chunks.
func (a *answer) sendHead(status, size int) {
	header := a.w.Header()
	values := [...]string{a.mediaType + "; charset=utf-8", "nosniff", "private, no-store", strconv.Itoa(size)}
	for i, name := range [...]string{"Content-Type", "X-Content-Type-Options", "Cache-Control", "Content-Length"} {
		header[name] = values[i : i+1 : i+1] // as Set does it, in one allocation
	}
	if size == unknownSize {
		delete(header, "Content-Length")
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
