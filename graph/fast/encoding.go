package fast

import (
	"math"

	"texter-graphql/texter"
)

// encoding is one pass over the data of an operation. It passes the bytes on in
// pieces, so that a large response is never whole in memory.
type encoding struct {
	labels    *texter.Labels // of the connection that is being written
	pieceSize int            // from how many bytes a piece is passed on
	flush     Flush
	pieces    int  // how many were passed on
	ended     bool // flush wants no more: nothing else is to be appended

	bounds    bool   // whether the bound of a chat will do for its size
	estimated bool   // whether one did
	selection *field // the first field of the selection that bound is of
	bound     bound
}

// Flush takes a piece of JSON. It returns the buffer for the next piece, and
// whether it wants one. After false, the rest of what is appended is of no use.
type Flush = func(piece []byte) (next []byte, more bool)

// whole returns an encoding that passes nothing on.
func whole() *encoding { return &encoding{pieceSize: math.MaxInt} }

// passOn passes on what has been appended. It returns the buffer for the rest.
func (e *encoding) passOn(b []byte) []byte {
	if e.ended {
		return b[:0]
	}
	e.pieces++
	b, more := e.flush(b)
	if !more {
		e.ended, e.pieceSize = true, 0 // which ends every loop
	}
	return b
}

// write appends bytes that exist already.
func (e *encoding) write(b, text []byte) []byte {
	for len(b)+len(text) >= e.pieceSize && !e.ended {
		n := min(e.pieceSize, len(text))
		b = e.passOn(append(b, text[:n]...))
		text = text[n:]
	}
	if e.ended {
		return b
	}
	return append(b, text...)
}
