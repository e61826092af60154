package texter

import (
	"bytes"
	"slices"
	"strings"
)

// earlier are the rows of an earlier page of the same search. Most rows of a list that
// somebody watches are the same each time, if at other places.
type earlier struct {
	rows []*Chat
	next int // the row after the one that was last seen again
}

// nearby is how many of the earlier rows are looked at for each row: those that follow
// the one before it, some of which may have left or moved.
const nearby = 8

// again fills c with the next row if Texter has sent the same bytes before, at about
// this place. It reports whether it has.
func (d *decoder) again(c *Chat) bool {
	e := &d.earlier
	for i := range min(nearby, len(e.rows)) {
		at := (e.next + i) % len(e.rows)
		before := e.rows[at]
		if _, isVerbatim := before.RowSize(); isVerbatim && bytes.HasPrefix(d.Text[d.Pos:], before.Raw()) {
			e.next = at + 1
			d.copyRow(c, before)
			return true
		}
	}
	return false
}

// copyRow reads the next row, which has the bytes of an earlier one without escapes.
func (d *decoder) copyRow(c, before *Chat) {
	size, _ := before.RowSize()
	*c = Chat{page: d.page, values: before.values, lastMessageAt: before.lastMessageAt, LabelIDs: before.LabelIDs, labelsAreApart: true}
	c.hash.Store(before.hash.Load())
	moved := value(d.Pos) - before.values[fieldRaw]>>32
	for _, at := range spans {
		if c.values[at] != 0 {
			c.values[at] += moved<<32 + moved
		}
	}
	c.ID = d.page.text(c.values[fieldID]).String()
	if before.LastMessageAt != nil {
		c.LastMessageAt = &c.lastMessageAt
	}
	if !before.labelsAreApart && len(before.LabelIDs) > 0 {
		c.LabelIDs = cloneAll(before.LabelIDs) // or the earlier page would be held for them
	}
	d.labelBytes += sizeOf(c.LabelIDs)
	d.Pos += size
}

func cloneAll(texts []string) []string {
	texts = slices.Clone(texts)
	for i, text := range texts {
		texts[i] = strings.Clone(text)
	}
	return texts
}

// spans are the fields whose values are positions in the body.
var spans = append(spansOf(asChat, 0), fieldRaw)

// spansOf returns those of an object whose fields begin at base.
func spansOf(object kind, base field) (all []field) {
	for _, k := range documented[object] {
		switch at := base + k.field; {
		case k.kind > asChat:
			all = append(append(all, at), spansOf(k.kind, at)...)
		case k.kind == asText, k.kind == asJSON:
			all = append(all, at)
		}
	}
	return all
}
