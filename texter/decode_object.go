package texter

import (
	"encoding/binary"
	"slices"
)

// key is a key of one kind of object.
type key struct {
	token string // the key in its quotes, and the colon
	// first and last are the first and the last eight bytes of token, of which
	// the first are masked where there are fewer.
	first, mask, last uint64

	kind  kind  // of its value
	field field // where that is kept, from the object's own field on
	came  bool  // whether it has come in this page
}

// newKey is a key of that name, which has no escapes.
func newKey(name string, kind kind, field field) key {
	k := key{token: `"` + name + `":`, mask: ^uint64(0), kind: kind, field: field}
	if missing := 8 - len(k.token); missing > 0 {
		k.mask >>= 8 * missing
	} else {
		k.last = eightBytes([]byte(k.token), -missing)
	}
	k.first = k.mask & eightBytes(append([]byte(k.token), make([]byte, 8)...), 0)
	return k
}

func eightBytes(text []byte, pos int) uint64 {
	return binary.LittleEndian.Uint64(text[pos : pos+8])
}

func (k *key) name() string { return k.token[1 : len(k.token)-2] }

// comes reports whether the key comes at pos. It does not at the very end of
// the text, which is left to others.
func (k *key) comes(text []byte, pos int) bool {
	end := pos + len(k.token)
	return end+8 <= len(text) && eightBytes(text, pos)&k.mask == k.first &&
		(len(k.token) <= 8 || eightBytes(text, end-8) == k.last && (len(k.token) <= 16 || string(text[pos:end]) == k.token))
}

// objects are the objects of one kind. They come many in a page, and mostly
// with the same keys in the same order, which is learned here: a key is nearly
// always found by one comparison, right after the one before it.
type objects struct {
	keys  []key // those documented and others that came, in the order in which they first did
	other key   // the last that is not worth remembering
}

// begin forgets what was learned of the page before.
func (o *objects) begin(documented []key) { o.keys = append(o.keys[:0], documented...) }

// maxKeys bounds what is remembered of objects that each have other keys.
const maxKeys = 64

// object reads an object into the fields of a chat from its own on, and reports
// whether it has any keys. Nearly every key is the expected one, and its value
// written in the usual way, without white space: that is read by the position
// alone. All else is left to the scanner, which knows every way to write JSON.
func (d *decoder) object(of kind, c *Chat, own field) bool {
	if !d.Enter('{') {
		return false
	}
	if d.Peek() == '}' {
		d.Leave()
		return false
	}
	o := &d.objects[of]
	text, pos, keys := d.Text, d.Pos, o.keys
	for next := 0; ; next++ {
		var k *key
		if next < len(keys) && keys[next].comes(text, pos) {
			k = &keys[next]
			k.came = true
			pos += len(k.token)
		} else {
			d.Pos = pos
			k, next = o.key(d, next)
			pos, keys = d.Pos, o.keys
		}
		v, end := k.usual(text, pos)
		if end == 0 {
			d.Pos = pos
			v = d.value(k, c, own+k.field)
			end = d.Pos
		}
		if k.kind != passedOver {
			c.values[own+k.field] = v
		}
		if end < len(text) && text[end] == ',' {
			pos = end + 1
			continue
		}
		d.Pos = end
		switch d.Peek() {
		case ',':
			pos = d.Pos + 1
		case '}':
			d.Leave()
			return true
		default:
			d.FailSyntax()
			return true
		}
	}
}

// key reads a key and its colon, and returns it and where it is in keys. It
// looks first where it should be, from next on.
func (o *objects) key(d *decoder, next int) (*key, int) {
	d.Peek()
	next = min(next, len(o.keys))
	for i := range o.keys {
		at := next + i
		if at >= len(o.keys) {
			at -= len(o.keys)
		}
		if k := &o.keys[at]; k.comes(d.Text, d.Pos) {
			d.Pos += len(k.token)
			if !k.came {
				return o.first(at, next)
			}
			return k, at
		}
	}
	return o.rarely(d, next)
}

// first moves a key that comes for the first time to next.
func (o *objects) first(at, next int) (*key, int) {
	o.keys[at].came = true
	if at < next {
		return &o.keys[at], at
	}
	k := o.keys[at]
	copy(o.keys[next+1:at+1], o.keys[next:at])
	o.keys[next] = k
	return &o.keys[next], next
}

// rarely reads a key that is not documented, which it remembers at next, or
// one that is written in another way than usual.
func (o *objects) rarely(d *decoder, next int) (*key, int) {
	start := d.Pos
	name := d.StringValue()
	d.Take(':')
	if at := slices.IndexFunc(o.keys, func(k key) bool { return k.name() == name }); at >= 0 {
		return &o.keys[at], at
	}
	k := newKey(name, passedOver, 0)
	if plain := string(d.Text[start:d.Pos]) == k.token; d.Err != nil || !plain || len(o.keys) >= maxKeys {
		o.other = k
		return &o.other, next
	}
	k.came = true
	o.keys = slices.Insert(o.keys, next, k)
	return &o.keys[next], next
}
