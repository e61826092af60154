package relay

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
)

// MaxSnapshot is the largest number of rows of a Snapshot.
const MaxSnapshot = 1000

// snapshotVersion is the first byte of every live cursor.
const snapshotVersion = 1

// hashSize is how many bytes of a row's hash a Snapshot has.
const hashSize = 6

// Snapshot is the start of a list at one moment. It has enough of each row to tell
// later what has changed.
type Snapshot struct {
	// Rows are the first rows of the list, MaxSnapshot at most.
	Rows []SnapshotRow
	// Whole says that the list has no other rows.
	Whole bool
}

// SnapshotRow is a row of a Snapshot.
type SnapshotRow struct {
	// ID is the id of the chat.
	ID string
	// At is the time of the chat's last message, in milliseconds since 1970; 0 for
	// none.
	At int64
	// Hash is a hash of the row, as Texter sent it.
	Hash [hashSize]byte
}

// Snapshot returns the start of the list. It returns false if the page is not
// known to begin with the first row.
func (c *Connection) Snapshot() (Snapshot, bool) {
	if !c.fromStart {
		return Snapshot{}, false
	}
	rows := make([]SnapshotRow, min(len(c.nodes), MaxSnapshot))
	for i := range rows {
		chat := c.nodes[i]
		var hash [8]byte
		binary.BigEndian.PutUint64(hash[:], chat.Hash())
		rows[i] = SnapshotRow{ID: strings.Clone(chat.ID), At: max(keyOf(chat).milli, 0), Hash: [hashSize]byte(hash[:])}
	}
	return Snapshot{rows, len(rows) == len(c.nodes) && !c.PageInfo.HasNextPage}, true
}

// LiveCursor is the Snapshot of the page as an opaque text; nil if the page does
// not begin with the first row.
func (c *Connection) LiveCursor() *string {
	snapshot, ok := c.Snapshot()
	if !ok {
		return nil
	}
	return new(snapshot.String())
}

// String returns the snapshot as a live cursor, which ParseSnapshot reads.
func (s Snapshot) String() string {
	b := append(make([]byte, 0, 8+24*len(s.Rows)), snapshotVersion, 0)
	if s.Whole {
		b[1] = 1
	}
	before := int64(0)
	for _, row := range s.Rows {
		b = appendID(b, row.ID)
		b = binary.AppendVarint(b, row.At-before)
		b = append(b, row.Hash[:]...)
		before = row.At
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// objectIDSize is the size of ids that are 24 hexadecimal digits, as those of
// Texter's examples are.
const objectIDSize = 12

// appendID appends an id: its length, and its bytes. An id of 24 hexadecimal digits
// takes half as much, and has the length 0, which no id has.
func appendID(b []byte, id string) []byte {
	if len(id) == 2*objectIDSize && strings.ToLower(id) == id {
		if packed, err := hex.DecodeString(id); err == nil {
			return append(append(b, 0), packed...)
		}
	}
	return append(binary.AppendUvarint(b, uint64(len(id))), id...)
}

// maxSnapshotLength is the length of the longest live cursor that is read, in
// characters. A row takes about 30.
const maxSnapshotLength = 64 << 10

// ErrOtherVersion says that a live cursor was made by another version of this
// service.
var ErrOtherVersion = errors.New("the live cursor is of another version of this service")

// errNotLive is the error of a text that is not a live cursor.
var errNotLive = errors.New("is not a live cursor of this service; pass the liveCursor of a page, or the cursor of a batch")

// ParseSnapshot reads the live cursor that an argument of this name has. It errors
// with ErrOtherVersion, and with a *rule.Error of the kind ErrCursor if the text is
// not a live cursor.
func ParseSnapshot(argument, cursor string) (Snapshot, error) {
	if len(cursor) > maxSnapshotLength {
		return Snapshot{}, cursorError(argument, errNotLive)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	switch {
	case err != nil || len(b) < 2:
		return Snapshot{}, cursorError(argument, errNotLive)
	case b[0] != snapshotVersion:
		return Snapshot{}, ErrOtherVersion
	}
	s := Snapshot{Whole: b[1] == 1}
	before := int64(0)
	for b = b[2:]; len(b) > 0; {
		row, rest, ok := parseSnapshotRow(b, before)
		if !ok || len(s.Rows) == MaxSnapshot {
			return Snapshot{}, cursorError(argument, errNotLive)
		}
		s.Rows, b, before = append(s.Rows, row), rest, row.At
	}
	return s, nil
}

// parseSnapshotRow reads a row that follows one with this time.
func parseSnapshotRow(b []byte, before int64) (row SnapshotRow, rest []byte, ok bool) {
	length, n := binary.Uvarint(b)
	if n <= 0 {
		return row, nil, false
	}
	b = b[n:]
	size := length
	if length == 0 {
		size = objectIDSize
	}
	if size > uint64(len(b)) {
		return row, nil, false
	}
	if row.ID = string(b[:size]); length == 0 {
		row.ID = hex.EncodeToString(b[:size])
	}
	b = b[size:]
	step, n := binary.Varint(b)
	if n <= 0 || len(b)-n < hashSize {
		return row, nil, false
	}
	row.At = before + step
	copy(row.Hash[:], b[n:])
	return row, b[n+hashSize:], row.At >= 0 && row.At < 1<<50
}
