package relay

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// snapshots has one snapshot for each way of encoding.
func snapshots() map[string]Snapshot {
	const hexID = "67bf11038b24880cc966f7aa"
	hash := [hashSize]byte{1, 2, 3, 4, 5, 6}
	many := Snapshot{Whole: true}
	for i := range MaxSnapshot {
		many.Rows = append(many.Rows, SnapshotRow{ID: fmt.Sprintf("%024x", i), At: int64(MaxSnapshot - i), Hash: hash})
	}
	return map[string]Snapshot{
		"no rows":           {},
		"a whole list":      {Whole: true},
		"the most rows":     many,
		"a hex id":          {Rows: []SnapshotRow{{ID: hexID, At: 1, Hash: hash}}},
		"other ids":         {Rows: []SnapshotRow{{ID: strings.ToUpper(hexID)}, {ID: hexID[:23] + "x"}, {ID: hexID[:22]}, {ID: "7"}, {ID: "צ'אט\x00\xff"}, {ID: strings.Repeat("x", 300)}}},
		"times of all kind": {Rows: []SnapshotRow{{ID: "a", At: 1<<50 - 1}, {ID: "b"}, {ID: "c", At: 1<<50 - 1}, {ID: "d", At: 5}}},
	}
}

func TestSnapshotsAreEncodedAndDecoded(t *testing.T) {
	for name, want := range snapshots() {
		t.Run(name, func(t *testing.T) {
			if got, err := ParseSnapshot("since", want.String()); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

// TestASnapshotIsOfTheStartOfAList: it has the rows of the page, and says whether there
// are others.
func TestASnapshotIsOfTheStartOfAList(t *testing.T) {
	chats := make([]*texter.Chat, MaxSnapshot+1)
	for i := range chats {
		chats[i] = &texter.Chat{ID: fmt.Sprint(i), LastMessageAt: new(texter.Timestamp(5000 - i))}
	}
	chats[1].LastMessageAt, chats[2].LastMessageAt = nil, new(texter.Timestamp(-1)) // before 1970
	for name, test := range map[string]struct {
		chats int // of the list
		input PageInput
		rows  int // -1 for no snapshot
		whole bool
	}{
		"all chats":                       {3, PageInput{}, 3, true},
		"some of them":                    {4, PageInput{First: new(3)}, 3, false},
		"none of them":                    {4, PageInput{First: new(0)}, 0, false},
		"as many as a snapshot has":       {MaxSnapshot, PageInput{First: new(MaxSize)}, MaxSnapshot, true},
		"more than a snapshot has":        {MaxSnapshot + 1, PageInput{First: new(MaxSize)}, MaxSnapshot, false},
		"the end of the list":             {3, PageInput{Last: new(3)}, -1, false},
		"a page that leaves out some":     {3, PageInput{First: new(1), Skip: new(1)}, -1, false},
		"a page that leaves out no chats": {3, PageInput{First: new(3), Skip: new(0)}, 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			args, err := ParseArguments(nil, test.input)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Search(t.Context(), rows(chats[:test.chats]), texter.ChatFilter{}, args, false)
			if err != nil {
				t.Fatal(err)
			}
			snapshot, ok := c.Snapshot()
			if live := c.LiveCursor(); ok != (test.rows >= 0) || (live != nil) != ok || ok && *live != snapshot.String() {
				t.Errorf("got %t, %v", ok, live)
			}
			if ok && (len(snapshot.Rows) != test.rows || snapshot.Whole != test.whole) {
				t.Errorf("%d rows, whole is %t", len(snapshot.Rows), snapshot.Whole)
			}
			for i, row := range snapshot.Rows {
				if want := max(keyOf(chats[i]).milli, 0); row.ID != chats[i].ID || row.At != want {
					t.Errorf("row %d is %+v", i, row)
				}
			}
		})
	}
}

// rows is a Searcher of a list of chats.
type rows []*texter.Chat

// SearchChats implements texter.Searcher.
func (r rows) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	from := min(o.Skip, len(r))
	return texter.NewSearchPage(r[from:min(from+o.Limit, len(r))], len(r)), nil
}

// TestLiveCursorsThatCantBeUsed are refused, or are those of another version.
func TestLiveCursorsThatCantBeUsed(t *testing.T) {
	text := base64.RawURLEncoding.EncodeToString
	const version = snapshotVersion
	row := func(id string, at int64) []byte {
		b := append(binary.AppendUvarint(nil, uint64(len(id))), id...)
		return append(binary.AppendVarint(b, at), make([]byte, hashSize)...)
	}
	head := []byte{version, 0}
	good := slices.Concat(head, row("a", 5), row("b", -5))
	for name, test := range map[string]struct {
		cursor string
		want   error // nil for a *rule.Error of the kind ErrCursor
	}{
		"empty":                   {"", nil},
		"not base64":              {"%%%", nil},
		"padded":                  {text(good) + "=", nil},
		"with loose bits":         {text([]byte{version, 0})[:2] + "B", nil},
		"only a version":          {text([]byte{version}), nil},
		"of another version":      {text([]byte{version + 1, 0}), ErrOtherVersion},
		"of version 0":            {text([]byte{0, 0}), ErrOtherVersion},
		"too long":                {strings.Repeat("A", maxSnapshotLength+1), nil},
		"too many rows":           {text(append(slices.Clone(head), slices.Repeat(row("a", 0), MaxSnapshot+1)...)), nil},
		"a time before 1970":      {text(slices.Concat(head, row("a", 5), row("b", -6))), nil},
		"a time that is too late": {text(append(slices.Clone(head), row("a", 1<<50)...)), nil},
		"a huge id":               {text(append(slices.Clone(head), binary.AppendUvarint(nil, 1<<63)...)), nil},
		"an endless length":       {text(append(slices.Clone(head), slices.Repeat([]byte{0xff}, 11)...)), nil},
		"an endless time":         {text(slices.Concat(head, []byte{1, 'a'}, slices.Repeat([]byte{0xff}, 11), make([]byte, hashSize))), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseSnapshot("since", test.cursor)
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v", err)
			}
			if broken, ok := errors.AsType[*rule.Error](err); test.want == nil && (!ok || broken.Kind != ErrCursor || broken.Name != "since") {
				t.Errorf("got %+v, %v", got, err)
			}
			if got.Rows != nil {
				t.Errorf("%d rows beside an error", len(got.Rows))
			}
		})
	}
	t.Run("cut off in a row", func(t *testing.T) {
		ends := []int{2, 2 + len(row("a", 5)), len(good)} // of rows
		for n := 2; n <= len(good); n++ {
			if _, err := ParseSnapshot("since", text(good[:n])); (err == nil) != slices.Contains(ends, n) {
				t.Errorf("%d of %d bytes: %v", n, len(good), err)
			}
		}
	})
}
