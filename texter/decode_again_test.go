package texter

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"weak"
)

// rowsOf are rows with all fields, each of another chat.
func rowsOf(t *testing.T, n int) [][]byte {
	t.Helper()
	row, err := os.ReadFile("testdata/chat-object.json")
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]byte, n)
	for i := range rows {
		page, err := decodeSearchPage([]byte(inPage(string(row))))
		if err != nil {
			t.Fatal(err)
		}
		rows[i] = bytes.Replace(page.chats[0].Raw(), []byte(page.chats[0].ID), fmt.Append(nil, "chat ", i), 1)
	}
	return rows
}

func pageOf(rows ...[]byte) []byte {
	return fmt.Appendf(nil, `{"total":%d, "data": [ %s ]}`, len(rows), bytes.Join(rows, []byte(" , ")))
}

// TestRowsThatAreSentAgain are decoded to what they are without the earlier page.
func TestRowsThatAreSentAgain(t *testing.T) {
	rows := rowsOf(t, 5)
	changed := bytes.Replace(rows[3], []byte("chat 3"), []byte("chat 3, another one"), 1)
	escaped := bytes.Replace(rows[4], []byte("chat 4"), []byte(`chat\u0020four`), 1)
	for name, bodies := range map[string][][]byte{
		"nothing changed":     {pageOf(rows...), pageOf(rows...)},
		"one moved up":        {pageOf(rows...), pageOf(rows[3], rows[0], rows[1], rows[2], rows[4])},
		"in another order":    {pageOf(rows...), pageOf(rows[4], rows[2], rows[0], rows[3], rows[1])},
		"one changed":         {pageOf(rows...), pageOf(rows[0], changed, rows[1])},
		"one begins as it":    {pageOf([]byte(`{"_id":"1"}`)), pageOf([]byte(`{"_id":"1","title":"x"}`))},
		"with escapes":        {pageOf(escaped, rows[1]), pageOf(rows[1], escaped)},
		"the same chat twice": {pageOf(rows[0]), pageOf(rows[0], rows[0])},
		"no rows before":      {pageOf(), pageOf(rows...)},
		"no rows after":       {pageOf(rows...), pageOf()},
		"again and again":     {pageOf(rows...), pageOf(rows[1:]...), pageOf(slices.Concat(rows[2:], rows[:2])...), pageOf(rows...)},
	} {
		t.Run(name, func(t *testing.T) {
			earlier := decodeAgain(t, nil, bodies[0])
			for _, body := range bodies[1:] {
				page := decodeAgain(t, earlier, body)
				samePage(t, page, decodeAgain(t, nil, body))
				earlier = page
			}
		})
	}
}

// TestEarlierRowsWithoutABody are not taken for rows that are sent again.
func TestEarlierRowsWithoutABody(t *testing.T) {
	body := pageOf(rowsOf(t, 2)...)
	samePage(t, decodeAgain(t, NewSearchPage([]*Chat{{ID: "chat 0"}}, 1), body), decodeAgain(t, nil, body))
}

// TestACopiedRowHasItsHash and those of other rows are not mixed up.
func TestACopiedRowHasItsHash(t *testing.T) {
	rows := rowsOf(t, 2)
	earlier := decodeAgain(t, nil, pageOf(rows...))
	want := []uint64{earlier.chats[1].Hash(), earlier.chats[0].Hash()}
	page := decodeAgain(t, earlier, pageOf(rows[1], rows[0]))
	if got := []uint64{page.chats[0].hash.Load(), page.chats[1].hash.Load()}; !slices.Equal(got, want) || want[0] == want[1] {
		t.Errorf("the hashes are %x, want %x", got, want)
	}
}

// TestACopiedRowHoldsNothingOfTheEarlierPage so that pages do not pile up in memory.
func TestACopiedRowHoldsNothingOfTheEarlierPage(t *testing.T) {
	rows := rowsOf(t, 2)
	earlier := decodeAgain(t, nil, pageOf(rows...))
	body := weak.Make(&earlier.body[0])
	page := decodeAgain(t, earlier, pageOf(rows[1], rows[0]))
	if len(page.chats[0].LabelIDs) == 0 {
		t.Fatal("the rows have no labels")
	}
	earlier = nil
	runtime.GC()
	if body.Value() != nil {
		t.Error("the body of the earlier page is still in memory")
	}
	runtime.KeepAlive(page)
}

func decodeAgain(t *testing.T, earlier *SearchPage, body []byte) *SearchPage {
	t.Helper()
	page, err := SearchOptions{Previous: earlier}.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// samePage checks that two pages have the same rows, field by field.
func samePage(t *testing.T, got, want *SearchPage) {
	t.Helper()
	if len(got.chats) != len(want.chats) || got.Total != want.Total || !bytes.Equal(got.body, want.body) {
		t.Fatalf("%d rows of %d, want %d of %d", len(got.chats), got.Total, len(want.chats), want.Total)
	}
	for i, w := range want.chats {
		g := got.chats[i]
		values := w.values
		values[fieldLabels] = g.values[fieldLabels] // where they were in the earlier page
		if g.ID != w.ID || g.values != values || g.page != got || !slices.Equal(g.LabelIDs, w.LabelIDs) || g.Hash() != w.Hash() {
			t.Errorf("row %d is %+v, want %+v", i, g, w)
		}
		if !equal(g.LastMessageAt, w.LastMessageAt) || g.LastMessageAt != nil && g.LastMessageAt != &g.lastMessageAt {
			t.Errorf("row %d has another time of the last message", i)
		}
	}
}
