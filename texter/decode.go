package texter

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"texter-graphql/internal/jsonscan"
)

// decodeSearchPage reads the body of a search's answer. It keeps body, which
// must not change afterwards. Broken UTF-8 is replaced by U+FFFD. Its errors
// name the broken rule and the field, and never hold a part of the body.
//
// Unknown keys are passed over and every documented one may be missing or
// null, but for a chat's `_id`: what is not documented must be survived. A
// documented field of another type is an error: showing it as absent would
// hide that Texter's contract changed.
func decodeSearchPage(body []byte) (*SearchPage, error) { return new(buffer).decode(body) }

func (b *buffer) decode(body []byte) (*SearchPage, error) {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	if len(body) > maxBody {
		return nil, errors.New("the answer is too long")
	}
	d := &b.decoder
	d.begin(body)
	d.searchPage()
	d.End()
	if d.Err != nil {
		return nil, fmt.Errorf("the answer %w", d.Err)
	}
	d.page.Size = cap(body) + sizeOf(d.page.chats) + d.chatSize + d.labelSize + d.Unescaped
	return d.page, nil
}

// decoder reads the documents of Texter's contract.
type decoder struct {
	jsonscan.Scanner
	page *SearchPage
	row  int // of the search page, for errors; -1 outside

	objects [kinds]objects

	chats     []Chat   // room for rows
	free      []Chat   // the part of chats that no row has
	pointers  []*Chat  // to the rows
	allLabels []string // of all chats, each of which has a part
	// Bytes of memory that chats and allLabels take, and took before they grew.
	chatSize, labelSize int
}

// noLabels are those of all chats without labels: empty, not nil.
var noLabels = []string{}

// begin begins a page, in the memory of the one before it.
func (d *decoder) begin(body []byte) {
	d.Scanner = jsonscan.Scanner{Text: body}
	d.page = &SearchPage{Total: -1, body: body}
	d.row = -1
	for kind := range d.objects {
		d.objects[kind].begin(documented[kind])
	}
	d.free, d.pointers, d.allLabels = d.chats, d.pointers[:0], d.allLabels[:0]
	d.chatSize, d.labelSize = sizeOf(d.chats), sizeOf(d.allLabels)
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
			d.makeRoom(i, d.Pos-start)
			chats = slices.Grow(chats, len(d.free))
		}
		c := &d.free[0]
		d.free = d.free[1:]
		d.chat(c)
		chats = append(chats, c)
	}
	d.row, d.pointers = -1, chats
	return slices.Clip(chats)
}

// firstRows is how many chats there is room for before one has been seen: those
// of a usual page, or as many as a short body can hold with a little in each.
const firstRows, leastRow = 32, 64

// makeRoom makes room for the chats that follow rows of so many bytes.
func (d *decoder) makeRoom(rows, bytes int) {
	room := min(firstRows, 1+(len(d.Text)-d.Pos)/leastRow)
	if rows > 0 {
		room = 1 + (len(d.Text)-d.Pos)/max(bytes/rows, leastRow)
	}
	d.chats = make([]Chat, min(room, MaxLimit))
	d.free = d.chats
	d.chatSize += sizeOf(d.chats)
}

func (d *decoder) chat(c *Chat) {
	*c = Chat{page: d.page, Labels: noLabels}
	d.Peek()
	start := d.Pos
	d.object(asChat, c, 0)
	if d.Err != nil {
		return
	}
	c.values[fieldRaw] = span(start, d.Pos)
	if c.ID = d.page.text(c.values[fieldID]).String(); c.ID == "" {
		d.failContract("_id", "must be a string that is not empty")
	}
	if at, ok := c.values[fieldLastMessageAt].time(); ok {
		c.lastMessageAt, c.LastMessageAt = at, &c.lastMessageAt
	}
	if labels := c.values[fieldLabels]; labels != 0 {
		start, end := labels>>32, uint32(labels)
		c.Labels = d.allLabels[start:end:end]
	}
}
