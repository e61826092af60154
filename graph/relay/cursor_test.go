package relay

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"texter-graphql/texter"
)

// testFingerprint is the fingerprint of these tests' filter.
const testFingerprint = 0x0123456789abcdef

func encoded(a anchor) string {
	return base64.RawURLEncoding.EncodeToString(a.append(nil, testFingerprint))
}

// anchors has one anchor for each way of encoding.
func anchors() map[string]anchor {
	const hexID = "67bf11038b24880cc966f7aa"
	at := sortKey{milli: 1_762_012_091_000}
	return map[string]anchor{
		"a hex id":            {position: 30, id: hexID, key: at, order: messagelessLast},
		"capitals":            {id: strings.ToUpper(hexID), key: at},
		"24 other characters": {id: "67bf11038b24880cc966f7ax", key: at},
		"a short id":          {id: "7", key: at},
		"another script":      {id: "צ'אט\x00\xff", key: at},
		"no messages":         {position: 1, id: hexID, key: sortKey{none: true}, order: messagelessFirst},
		"a time of zero":      {id: hexID},
		"before 1970":         {id: hexID, key: sortKey{milli: -62_167_219_200_000}},
		"the latest time":     {id: hexID, key: sortKey{milli: 253_402_300_799_999}},
		"the last position":   {position: maxSkip, id: hexID, key: at},
		"one peer":            {id: hexID, key: at, peers: []uint32{0}, allPeers: true},
		"all peers":           {id: "x", key: sortKey{none: true}, peers: []uint32{1, 2, 3, 4, 5, 6, 7, math.MaxUint32}},
	}
}

func TestAnchorsAreEncodedAndDecoded(t *testing.T) {
	for name, want := range anchors() {
		t.Run(name, func(t *testing.T) {
			got, err := parseCursor(encoded(want), testFingerprint)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

func TestTheCursorOfARowHoldsItsAnchor(t *testing.T) {
	at := func(milli texter.Timestamp) *texter.Timestamp { return &milli }
	w := window{start: 10, rows: []*texter.Chat{
		{ID: "a", LastMessageAt: at(9)}, {ID: "b", LastMessageAt: at(5)}, {ID: "c", LastMessageAt: at(5)}, {ID: "d", LastMessageAt: at(5)}, {ID: "e"},
	}}
	for index, want := range map[int]anchor{
		0: {position: 10, id: "a", key: sortKey{milli: 9}},
		3: {position: 13, id: "d", key: sortKey{milli: 5}, peers: []uint32{idHash("c"), idHash("b")}, allPeers: true},
		4: {position: 14, id: "e", key: sortKey{none: true}, allPeers: true},
	} {
		t.Run(fmt.Sprint("row ", index), func(t *testing.T) {
			want.order = messagelessLast
			cursor := cursorMaker{fingerprint: testFingerprint, order: messagelessLast}.cursor(w, index)
			if got, err := parseCursor(cursor, testFingerprint); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

func TestACursorHoldsABoundedNumberOfPeers(t *testing.T) {
	for before, want := range map[int]struct {
		peers int
		all   bool
	}{0: {0, true}, 1: {1, true}, maxPeers: {maxPeers, true}, maxPeers + 1: {maxPeers, false}} {
		t.Run(fmt.Sprint(before, " rows before"), func(t *testing.T) {
			w := window{}
			for i := range before + 1 {
				w.rows = append(w.rows, &texter.Chat{ID: fmt.Sprint(i)})
			}
			if peers, all := w.peersBefore(before); len(peers) != want.peers || all != want.all {
				t.Errorf("%d peers, all %t", len(peers), all)
			}
			if w.start = 1; before < maxPeers {
				if _, all := w.peersBefore(before); all {
					t.Error("all, though the row before the window is not known")
				}
			}
		})
	}
}

func TestDifferentFiltersHaveDifferentFingerprints(t *testing.T) {
	seen := map[uint64]string{}
	for name, f := range map[string]texter.ChatFilter{
		"none":           {},
		"search":         {Search: new("ab")},
		"another search": {Search: new("ac")},
		"a label":        {Labels: []string{"ab"}},
		"two labels":     {Labels: []string{"a", "b"}},
		"one of both":    {Labels: []string{"a,b"}},
		"injected":       {Labels: []string{"a&labels[]=b"}},
		"a status":       {Statuses: []texter.ChatStatus{texter.StatusBot}},
		"a channel":      {Channel: &texter.ChannelFilter{Name: "email", AccountID: "1"}},
		"its account":    {Channel: &texter.ChannelFilter{Name: "email", AccountID: "2"}},
		"no messages":    {ShowNoMessages: new(true)},
	} {
		p := fingerprint(f)
		if other, taken := seen[p]; taken || p != fingerprint(f) {
			t.Errorf("%s has the fingerprint of %q", name, other)
		}
		seen[p] = name
	}
}

func TestCursorsThatCantBeUsedSayWhy(t *testing.T) {
	a := anchors()["a hex id"]
	raw := a.append(nil, testFingerprint)
	header := raw[:10]
	text := base64.RawURLEncoding.EncodeToString
	with := func(head []byte, tail ...byte) string { return text(append(slices.Clone(head), tail...)) }
	long := a
	long.id = strings.Repeat("x", maxCursorLength)
	for name, test := range map[string]struct {
		cursor string
		want   error
	}{
		"empty":               {"", errNotACursor},
		"not base64":          {"%%%", errNotACursor},
		"padded":              {encoded(a) + "=", errNotACursor},
		"of the other base64": {strings.Repeat("+/", 20), errNotACursor},
		"with loose bits":     {text(raw[:10])[:13] + "B", errNotACursor},
		"only a header":       {text(header), errNotACursor},
		"less than a header":  {text(header[:9]), errNotACursor},
		"too long":            {encoded(long), errNotACursor},
		"of another version":  {with([]byte{2}, raw[1:]...), errOtherVersion},
		"of version 0":        {with([]byte{0}, raw[1:]...), errOtherVersion},
		"of another filter":   {text(a.append(nil, testFingerprint+1)), errAnotherFilter},
		"a huge position":     {with(header, binary.AppendUvarint(nil, maxSkip+1)...), errNotACursor},
		"an endless position": {with(header, slices.Repeat([]byte{0xff}, 11)...), errNotACursor},
		"a huge id":           {with(withFlags(raw, 0), append([]byte{0, 0}, binary.AppendUvarint(nil, math.MaxUint64)...)...), errNotACursor},
		"half a peer":         {with(raw, 0, 0), errNotACursor},
		"too many peers":      {with(raw, make([]byte, 4*(maxPeers+1))...), errNotACursor},
		"most peers":          {with(raw, make([]byte, 4*maxPeers)...), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseCursor(test.cursor, testFingerprint); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// withFlags is the header of a cursor with other flags.
func withFlags(raw []byte, flags byte) []byte { return append(slices.Clone(raw[:9]), flags) }
