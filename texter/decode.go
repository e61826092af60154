package texter

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"texter-graphql/internal/jsonscan"
)

// decode reads the body of a search's response into a page. The page keeps
// body, which must not change while the page is used. Broken UTF-8 is replaced
// by U+FFFD. Its errors name the broken rule and the field, and never hold a
// part of the body.
//
// Unknown keys are ignored. Every documented key may be missing or null, except
// a chat's `_id`. A documented field of another type is an error: to show it as
// null would hide that Texter's contract has changed.
//
// A row that is among the earlier ones, byte for byte, is copied from there.
func (b *buffer) decode(body []byte, rows ...*Chat) (*SearchPage, error) {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	if len(body) > maxBody {
		return nil, errors.New("the response is too long")
	}
	d := &b.decoder
	d.begin(body)
	d.earlier = earlier{rows: rows}
	d.searchPage()
	d.earlier = earlier{}
	d.End()
	if d.Err != nil {
		return nil, fmt.Errorf("the response %w", d.Err)
	}
	d.page.Size = cap(body) + sizeOf(d.page.chats) + d.chatBytes + d.labelBytes + d.Unescaped
	return d.page, nil
}

// decoder reads the documents of Texter's contract.
type decoder struct {
	jsonscan.Scanner
	page *SearchPage
	row  int // index in the page of the row that is read, for errors; -1 outside of rows
	// escapes says whether a text of the row has escapes.
	escapes bool

	objects [kinds]objects
	earlier earlier

	chats     []Chat   // memory for rows
	free      []Chat   // the part of chats that no row uses yet
	pointers  []*Chat  // to the rows
	allLabels []string // of all rows; each row has a part of it
	// chatBytes and labelBytes are how much memory chats and allLabels take, with
	// the memory that they took before they grew.
	chatBytes, labelBytes int
}

// noLabels are the labels of all chats without labels: empty, not nil.
var noLabels = []string{}

// begin prepares the decoder for a page, which takes over the memory of the
// page before it.
func (d *decoder) begin(body []byte) {
	d.Scanner = jsonscan.Scanner{Text: body}
	d.page = &SearchPage{Total: -1, body: body}
	d.row = -1
	for kind := range d.objects {
		d.objects[kind].begin(documented[kind])
	}
	d.free, d.pointers, d.allLabels = d.chats, d.pointers[:0], d.allLabels[:0]
	d.chatBytes, d.labelBytes = sizeOf(d.chats), sizeOf(d.allLabels)
}

func (d *decoder) searchPage() {
	for key := range d.Object {
		switch key {
		case "data":
			d.page.chats = d.rows(key)
		case "total":
			d.page.Total = -1
			if total, ok := d.integer(key).int(); ok {
				d.page.Total = total
			}
		default:
			d.Skip()
		}
	}
	if d.page.chats == nil || d.page.Total < 0 {
		d.fail("total", "must be there, and so must data")
	}
}

func (d *decoder) rows(key string) []*Chat {
	if !d.opens(key, '[') {
		d.failContract(key, "must not be null")
		return nil
	}
	chats, start := d.pointers[:0], d.Pos
	if chats == nil {
		chats = []*Chat{}
	}
	for i := range d.Array {
		d.row = i
		if len(d.free) == 0 {
			d.growChats(i, d.Pos-start)
			chats = slices.Grow(chats, len(d.free))
		}
		c := &d.free[0]
		d.free = d.free[1:]
		if d.Peek(); !d.again(c) {
			d.chat(c)
		}
		chats = append(chats, c)
	}
	d.row, d.pointers = -1, chats
	return slices.Clip(chats)
}

const (
	// firstChats is for how many chats there is memory before a row was read:
	// those of a page of DefaultLimit.
	firstChats = 32
	// minRowBytes is how long a row is taken to be at least.
	minRowBytes = 64
)

// growChats allocates memory for the chats that follow the first rows, which
// are so many bytes long.
func (d *decoder) growChats(rows, bytes int) {
	chats := min(firstChats, 1+(len(d.Text)-d.Pos)/minRowBytes)
	if rows > 0 {
		chats = 1 + (len(d.Text)-d.Pos)/max(bytes/rows, minRowBytes)
	}
	d.chats = make([]Chat, min(chats, MaxLimit))
	d.free = d.chats
	d.chatBytes += sizeOf(d.chats)
}

func (d *decoder) chat(c *Chat) {
	*c = Chat{page: d.page, LabelIDs: noLabels}
	start, unescaped := d.Pos, d.Unescaped
	d.escapes = false
	d.object(asChat, c, 0)
	if d.Err != nil {
		return
	}
	c.values[fieldRaw] = spanValue(start, d.Pos)
	if d.escapes || d.Unescaped > unescaped {
		c.values[fieldRaw] |= hasEscapes
	}
	if c.ID = d.page.text(c.values[fieldID]).String(); c.ID == "" {
		d.failContract("_id", "must be a string that is not empty")
	}
	if at, ok := c.values[fieldLastMessageAt].time(); ok {
		c.lastMessageAt, c.LastMessageAt = at, &c.lastMessageAt
	}
	if labels := c.values[fieldLabels]; labels != 0 {
		start, end := labels>>32, uint32(labels)
		c.LabelIDs = d.allLabels[start:end:end]
	}
}
