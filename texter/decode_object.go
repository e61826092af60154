package texter

import "slices"

// key is a key of one kind of object.
type key struct {
	token string // the key in its quotes, and the colon
	// first and last are the first and the last eight bytes of token. Where token
	// is shorter, mask is zero in the bytes of first that are not in it.
	first, mask, last uint64

	kind  kind  // of the value
	field field // where the value is stored, counted from the base of the object
	seen  bool  // whether an object of this page has had the key
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

func (k *key) name() string { return k.token[1 : len(k.token)-2] }

// isAt reports whether the key is in text at pos. It is false for a key that
// ends less than eight bytes before the end of text: objects.scanKey reads it.
func (k *key) isAt(text []byte, pos int) bool {
	end := pos + len(k.token)
	return end+8 <= len(text) && eightBytes(text, pos)&k.mask == k.first &&
		(len(k.token) <= 8 || eightBytes(text, end-8) == k.last && (len(k.token) <= 16 || string(text[pos:end]) == k.token))
}

// objects is what is known of the objects of one kind. A page has many of each
// kind, and most have the same keys in the same order. That order is learned
// here, so that one comparison finds nearly every key: it follows the key before
// it.
type objects struct {
	keys  []key // the documented keys and others, in the order in which they were first seen
	other key   // the last key that is not worth storing in keys
}

// begin forgets what was learned from the page before.
func (o *objects) begin(documented []key) { o.keys = append(o.keys[:0], documented...) }

// maxKeys bounds keys, for objects that each have other keys.
const maxKeys = 64

// object reads an object into the fields of a chat, from base on, and reports
// whether it has any keys. It is written for the common case: the key is the
// expected one, the value is plain, and there is no white space. Then it goes
// from position to position. For all else it calls the scanner, which knows
// every way to write JSON.
func (d *decoder) object(kind kind, c *Chat, base field) bool {
	if !d.Enter('{') {
		return false
	}
	if d.Peek() == '}' {
		d.Leave()
		return false
	}
	o := &d.objects[kind]
	text, pos, keys := d.Text, d.Pos, o.keys
	for next := 0; ; next++ {
		var k *key
		if next < len(keys) && keys[next].isAt(text, pos) {
			k = &keys[next]
			k.seen = true
			pos += len(k.token)
		} else {
			d.Pos = pos
			k, next = o.key(d, next)
			pos, keys = d.Pos, o.keys
		}
		v, end := k.plainValue(text, pos)
		if end == 0 {
			d.Pos = pos
			v = d.value(k, c, base+k.field)
			end = d.Pos
		}
		if k.kind != ignored {
			c.values[base+k.field] = v
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

// key reads a key and its colon. It returns the key and its index in keys. It
// looks from the index next on, where the key should be.
func (o *objects) key(d *decoder, next int) (*key, int) {
	d.Peek()
	next = min(next, len(o.keys))
	for i := range o.keys {
		at := next + i
		if at >= len(o.keys) {
			at -= len(o.keys)
		}
		if k := &o.keys[at]; k.isAt(d.Text, d.Pos) {
			d.Pos += len(k.token)
			if !k.seen {
				return o.place(at, next)
			}
			return k, at
		}
	}
	return o.scanKey(d, next)
}

// place moves the key at an index, which is seen for the first time, forward to
// next.
func (o *objects) place(at, next int) (*key, int) {
	o.keys[at].seen = true
	if at < next {
		return &o.keys[at], at
	}
	k := o.keys[at]
	copy(o.keys[next+1:at+1], o.keys[next:at])
	o.keys[next] = k
	return &o.keys[next], next
}

// scanKey reads any key, however it is written. A key that is not documented is
// stored at next.
func (o *objects) scanKey(d *decoder, next int) (*key, int) {
	start := d.Pos
	name := d.StringValue()
	d.Take(':')
	if at := slices.IndexFunc(o.keys, func(k key) bool { return k.name() == name }); at >= 0 {
		return &o.keys[at], at
	}
	k := newKey(name, ignored, 0)
	if plain := string(d.Text[start:d.Pos]) == k.token; d.Err != nil || !plain || len(o.keys) >= maxKeys {
		o.other = k
		return &o.other, next
	}
	k.seen = true
	o.keys = slices.Insert(o.keys, next, k)
	return &o.keys[next], next
}
