package texter

import (
	"slices"
)

// key is a documented key of one kind of object.
type key[T any] struct {
	token string // the key in its quotes, and the colon
	// read reads its value; nil passes over it.
	read func(d *decoder, v *T, key string)
	came bool // whether it has come in this page
}

func (k *key[T]) name() string { return k.token[1 : len(k.token)-2] }

// objects reads the objects of one kind. They come many in a page, and mostly
// with the same keys in the same order, which it learns: a key is nearly always
// found by one comparison, right after the one before it.
type objects[T any] struct {
	keys  []key[T] // those documented and others that came, in the order in which they first did
	other key[T]   // the last that is not worth remembering
}

// begin forgets what was learned of the page before.
func (o *objects[T]) begin(documented []key[T]) { o.keys = append(o.keys[:0], documented...) }

// maxKeys bounds what is remembered of objects that each have other keys.
const maxKeys = 64

// read reads an object into v and returns how many keys it had.
func (o *objects[T]) read(d *decoder, v *T) (keys int) {
	if !d.Enter('{') {
		return 0
	}
	if d.Peek() == '}' {
		d.Leave()
		return 0
	}
	for next := 0; ; next++ {
		var k *key[T]
		if next < len(o.keys) && o.keys[next].came && o.keys[next].comes(d) {
			k = &o.keys[next]
		} else {
			k, next = o.key(d, next)
		}
		if k.read != nil {
			k.read(d, v, k.name())
		} else {
			d.Skip()
		}
		keys++
		switch d.Peek() {
		case ',':
			d.Pos++
		case '}':
			d.Leave()
			return keys
		default:
			d.FailSyntax()
			return keys
		}
	}
}

// comes reads the key if it comes right here.
func (k *key[T]) comes(d *decoder) bool {
	rest := d.Text[d.Pos:]
	if len(rest) < len(k.token) || string(rest[:len(k.token)]) != k.token {
		return false
	}
	d.Pos += len(k.token)
	return true
}

// key reads a key and its colon, and returns it and where it is in keys. It
// looks first where it should be, from next on.
func (o *objects[T]) key(d *decoder, next int) (*key[T], int) {
	d.Peek()
	next = min(next, len(o.keys))
	for i := range o.keys {
		at := next + i
		if at >= len(o.keys) {
			at -= len(o.keys)
		}
		if k := &o.keys[at]; k.comes(d) {
			if !k.came {
				return o.first(at, next)
			}
			return k, at
		}
	}
	return o.rarely(d, next)
}

// first moves a key that comes for the first time to next.
func (o *objects[T]) first(at, next int) (*key[T], int) {
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
func (o *objects[T]) rarely(d *decoder, next int) (*key[T], int) {
	start := d.Pos
	name := d.StringValue()
	d.Take(':')
	token := `"` + name + `":`
	if at := slices.IndexFunc(o.keys, func(k key[T]) bool { return k.token == token }); at >= 0 {
		return &o.keys[at], at
	}
	if plain := string(d.Text[start:d.Pos]) == token; d.Err != nil || !plain || len(o.keys) >= maxKeys {
		o.other = key[T]{token: token}
		return &o.other, next
	}
	o.keys = slices.Insert(o.keys, next, key[T]{token: token, came: true})
	return &o.keys[next], next
}
