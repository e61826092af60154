package texter

import (
	"slices"

	"texter-graphql/jsonscan"
)

// fields say how the documented keys of one kind of object are read.
type fields[T any] map[string]func(d *decoder, v *T, key string)

// objects reads the objects of one kind. They come many in a page, and mostly
// with the same keys in the same order, so it remembers that order: a key that
// comes where it came before is recognized by one comparison.
type objects[T any] struct {
	fields fields[T]
	seen   []seenKey[T]
	other  seenKey[T] // the last key that is not worth remembering
}

// seenKey is a key that came before.
type seenKey[T any] struct {
	token string // the key in its quotes, and the colon
	name  string
	read  func(*decoder, *T, string) // nil if the key is not documented
}

// maxSeenKeys bounds what is remembered of objects that each have other keys.
const maxSeenKeys = 64

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
		var key *seenKey[T]
		key, next = o.key(d, next)
		if key.read != nil {
			key.read(d, v, key.name)
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

// key reads a key and its colon, and returns it and where it is in seen. It
// looks first where it should be, from next on.
func (o *objects[T]) key(d *decoder, next int) (*seenKey[T], int) {
	d.Peek()
	rest := d.Text[d.Pos:]
	next = min(next, len(o.seen))
	for i := range o.seen {
		at := next + i
		if at >= len(o.seen) {
			at -= len(o.seen)
		}
		if s := &o.seen[at]; len(rest) >= len(s.token) && string(rest[:len(s.token)]) == s.token {
			d.Pos += len(s.token)
			return s, at
		}
	}
	return o.newKey(d, next)
}

// newKey reads a key that did not come before, and remembers it at next.
func (o *objects[T]) newKey(d *decoder, next int) (*seenKey[T], int) {
	start := d.Pos
	name := d.StringValue()
	d.Take(':')
	key := seenKey[T]{jsonscan.View(d.Text[start:d.Pos]), name, o.fields[name]}
	if plain := len(key.token) == len(name)+len(`"":`); d.Err != nil || !plain || len(o.seen) == maxSeenKeys {
		o.other = key
		return &o.other, next
	}
	o.seen = slices.Insert(o.seen, next, key)
	return &o.seen[next], next
}
