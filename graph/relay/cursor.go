package relay

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/fnv"
	"strings"

	"texter-graphql/texter"
)

// cursorVersion is the first byte of every cursor. Another layout takes
// another number, so that old cursors are refused and not misread.
const cursorVersion = 1

// maxCursorLength bounds what is decoded, in characters.
const maxCursorLength = 4096

// maxPeers is how many rows of the same time a cursor remembers.
const maxPeers = 8

// anchor is what a cursor says of the row that it was made for: enough to find
// the row again, or the place where it was, after the list has moved.
type anchor struct {
	position int    // the row's index in the list, counted from 0
	id       string // of the chat
	key      sortKey
	// peers are the rows of the same key right before the row, nearest first,
	// as hashes of their ids: where the row is gone and others of its time are
	// left, they tell which of those came before it.
	peers []uint32
	// allPeers says that there were no more such rows than peers.
	allPeers bool
	order    order
}

// sortKey is what the list is sorted by: the time of the last message in
// milliseconds since 1970. A chat without messages has none.
type sortKey struct {
	milli int64
	none  bool
}

func keyOf(c *texter.Chat) sortKey {
	if c.LastMessageAt == nil {
		return sortKey{none: true}
	}
	return sortKey{milli: int64(*c.LastMessageAt)}
}

// fingerprint tells filters apart, so that a cursor is not used with another
// filter than its own. The filter must be normalized.
func fingerprint(f texter.ChatFilter) uint64 {
	sum := sha256.Sum256([]byte(texter.SearchOptions{ChatFilter: f}.Query()))
	return binary.BigEndian.Uint64(sum[:])
}

func idHash(id string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return h.Sum32()
}

// issuer makes the cursors of one filter.
type issuer struct {
	fingerprint uint64
	order       order
}

// cursor makes the cursor of a row of a window, by its index there.
func (i issuer) cursor(w window, index int) string {
	a := anchor{
		position: w.start + index,
		id:       w.rows[index].ID,
		key:      keyOf(w.rows[index]),
		order:    i.order,
	}
	a.peers, a.allPeers = w.peersBefore(index)
	return base64.RawURLEncoding.EncodeToString(a.append(nil, i.fingerprint))
}

// Flags of an encoded anchor.
const (
	flagsOrder     = 3 // the two lowest bits are the order
	flagNoMessages = 1 << 2
	flagAllPeers   = 1 << 3
	flagHexID      = 1 << 4 // the id is written as 12 bytes, not as text with its length
)

// append encodes the anchor: version, fingerprint, flags, position, time, id,
// peers.
func (a anchor) append(b []byte, fingerprint uint64) []byte {
	id, isHex := packID(a.id)
	b = append(b, cursorVersion)
	b = binary.BigEndian.AppendUint64(b, fingerprint)
	b = append(b, a.flags(isHex))
	b = binary.AppendUvarint(b, uint64(a.position))
	if !a.key.none {
		b = binary.AppendVarint(b, a.key.milli)
	}
	if !isHex {
		b = binary.AppendUvarint(b, uint64(len(a.id)))
	}
	b = append(b, id...)
	for _, peer := range a.peers {
		b = binary.BigEndian.AppendUint32(b, peer)
	}
	return b
}

func (a anchor) flags(isHex bool) byte {
	flags := byte(a.order)
	if a.key.none {
		flags |= flagNoMessages
	}
	if a.allPeers {
		flags |= flagAllPeers
	}
	if isHex {
		flags |= flagHexID
	}
	return flags
}

// packID halves the ids that Texter makes, which are 24 lower-case hex digits.
func packID(id string) (packed []byte, isHex bool) {
	if len(id) != 24 || strings.ToLower(id) != id {
		return []byte(id), false
	}
	packed, err := hex.DecodeString(id)
	if err != nil {
		return []byte(id), false
	}
	return packed, true
}

// What can be wrong with a cursor before any call. Each goes with "cursor".
var (
	errNotACursor     = errors.New("is not a cursor of this service; pass one from endCursor, startCursor or an edge")
	errOtherVersion   = errors.New("is a cursor of another version of this service; start again from the first page")
	errAnotherFilter  = errors.New("is a cursor of another filter; start again from the first page")
	errPlaceIsUnknown = errors.New("has lost its place, because too much has moved since; start again from the first page")
)

// parseCursor decodes a cursor and checks that it belongs to the filter. Its
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

// cursorReader reads the parts of an encoded anchor; what it reads after it
// has failed is void.
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

func (r *cursorReader) uvarint(most uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > most {
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
