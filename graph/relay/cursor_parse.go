package relay

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
)

// What can be wrong with a cursor. The texts follow the argument's name.
var (
	errNotACursor     = errors.New("is not a cursor of this service; pass one from endCursor, startCursor or an edge")
	errOtherVersion   = errors.New("is a cursor of another version of this service; start again from the first page")
	errAnotherFilter  = errors.New("is a cursor of another filter; start again from the first page")
	errPlaceIsUnknown = errors.New("has lost its place, because too much has moved since; start again from the first page")
)

// parseCursor decodes a cursor, and checks that it was made for the filter. Its
// error is one of those above.
func parseCursor(cursor string, fingerprint uint64) (anchor, error) {
	if len(cursor) > maxCursorLength {
		return anchor{}, errNotACursor
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	switch {
	case err != nil || len(b) < 10:
		return anchor{}, errNotACursor
	case b[0] != cursorVersion:
		return anchor{}, errOtherVersion
	case binary.BigEndian.Uint64(b[1:9]) != fingerprint:
		return anchor{}, errAnotherFilter
	}
	r := cursorReader{rest: b[10:]}
	a := r.anchor(b[9])
	if r.failed {
		return anchor{}, errNotACursor
	}
	return a, nil
}

// cursorReader reads the parts of an encoded anchor. What it returns once it has
// failed has no meaning.
type cursorReader struct {
	rest   []byte
	failed bool
}

func (r *cursorReader) anchor(flags byte) anchor {
	a := anchor{
		key:      sortKey{none: flags&flagNoMessages != 0},
		allPeers: flags&flagAllPeers != 0,
		order:    order(flags & flagsOrder),
	}
	r.failed = a.order > messagelessLast
	a.position = int(r.uvarint(maxSkip))
	if !a.key.none {
		a.key.milli = r.varint()
	}
	if flags&flagHexID != 0 {
		a.id = hex.EncodeToString(r.bytes(12))
	} else {
		a.id = string(r.bytes(int(r.uvarint(maxCursorLength))))
	}
	if len(r.rest)%4 != 0 || len(r.rest) > 4*maxPeers {
		r.failed = true
	}
	for len(r.rest) >= 4 && !r.failed {
		a.peers = append(a.peers, binary.BigEndian.Uint32(r.bytes(4)))
	}
	return a
}

func (r *cursorReader) uvarint(limit uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > limit {
		r.failed = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *cursorReader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.failed = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *cursorReader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.failed = true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
