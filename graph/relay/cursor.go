package relay

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"strings"

	"texter-graphql/texter"
)

// cursorVersion is the first byte of every cursor. A cursor of another layout
// must have another number, so that old cursors are refused and not misread.
const cursorVersion = 1

// maxCursorLength is the length of the longest cursor that is decoded, in
// characters.
const maxCursorLength = 4096

// maxPeers is how many rows of the same time a cursor holds.
const maxPeers = 8

// anchor is what a cursor holds of its row. That is enough to find the row again
// when the list has changed, or the place where the row was.
type anchor struct {
	position int    // the row's index in the list, counted from 0
	id       string // of the chat
	key      sortKey
	// peers are hashes of the ids of the rows with the same key right before the
	// row, nearest first. If the row is gone and others of its time are left, they
	// tell which of those stood before it.
	peers []uint32
	// allPeers says that peers are all such rows.
	allPeers bool
	order    order
}

// sortKey is what the list is sorted by: the time of the last message, in
// milliseconds since 1970; none for a chat without messages.
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

// fingerprint is a hash of a filter, which must be normalized. It is part of each
// cursor, so that a cursor is used only with the filter that it was made for.
func fingerprint(f texter.ChatFilter) uint64 {
	sum := sha256.Sum256([]byte(texter.SearchOptions{ChatFilter: f}.Query()))
	return binary.BigEndian.Uint64(sum[:])
}

func idHash(id string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return h.Sum32()
}

// cursorMaker makes the cursors of one filter.
type cursorMaker struct {
	fingerprint uint64
	order       order
}

// cursor makes the cursor of the row of a window that has this index there.
func (m cursorMaker) cursor(w window, index int) string {
	a := anchor{
		position: w.start + index,
		id:       w.rows[index].ID,
		key:      keyOf(w.rows[index]),
		order:    m.order,
	}
	a.peers, a.allPeers = w.peersBefore(index)
	return base64.RawURLEncoding.EncodeToString(a.append(nil, m.fingerprint))
}

// Flags of an encoded anchor.
const (
	flagsOrder     = 3 // the two lowest bits are the order
	flagNoMessages = 1 << 2
	flagAllPeers   = 1 << 3
	flagHexID      = 1 << 4 // the id is 12 bytes, not a text after its length
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

// packID packs an id of 24 lower-case hex digits, as Texter's are, into 12 bytes.
// It returns other ids as they are.
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
