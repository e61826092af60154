package texter

// fields say how the documented keys of one kind of object are read.
type fields[T any] map[string]func(d *decoder, v *T, key string)

// objects reads the objects of one kind. They come many in a page, and mostly
// with the same keys in the same order, so it remembers that order: a key that
// comes where it came before is recognized by one comparison.
type objects[T any] struct {
	fields fields[T]
	seen   []seenKey[T]
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
	if !d.enter('{') {
		return 0
	}
	next := 0
	for c := d.peek(); c != '}'; c = d.peek() {
		name, read, at := o.key(d, next)
		next = at + 1
		if read != nil {
			read(d, v, name)
		} else {
			d.skip()
		}
		if !d.separator('}') {
			return keys
		}
		keys++
	}
	d.leave()
	return keys
}

// key reads a key and its colon. It looks first at what was seen from next on,
// and returns where it found the key.
func (o *objects[T]) key(d *decoder, next int) (name string, read func(*decoder, *T, string), at int) {
	rest := d.buf[d.pos:]
	for i := next; i < len(o.seen); i++ {
		if s := &o.seen[i]; len(rest) >= len(s.token) && string(rest[:len(s.token)]) == s.token {
			d.pos += len(s.token)
			return s.name, s.read, i
		}
	}
	for i := range min(next, len(o.seen)) {
		if s := &o.seen[i]; len(rest) >= len(s.token) && string(rest[:len(s.token)]) == s.token {
			d.pos += len(s.token)
			return s.name, s.read, i
		}
	}
	return o.newKey(d, next)
}

// newKey reads a key that did not come before, and remembers it at next.
func (o *objects[T]) newKey(d *decoder, next int) (name string, read func(*decoder, *T, string), at int) {
	start := d.pos
	name = d.string()
	d.take(':')
	read = o.fields[name]
	if plain := d.pos-start == len(name)+len(`"":`); d.err == nil && plain && len(o.seen) < maxSeenKeys {
		next = min(next, len(o.seen))
		o.seen = append(o.seen, seenKey[T]{})
		copy(o.seen[next+1:], o.seen[next:])
		o.seen[next] = seenKey[T]{view(d.buf[start:d.pos]), name, read}
	}
	return name, read, next
}
