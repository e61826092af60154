package relay

import "texter-graphql/texter"

// locate reads the page at an anchor. That is one request if the anchor is within
// the margin of its old position. Else it searches for the place, since the list
// is sorted: by growing strides until the place is between two windows, then by
// halves. A large page is not read again until the place is known. It fails with
// errPlaceIsUnknown if the rows of the anchor's key do not tell the place, and after
// MaxRequests.
func (r *reader) locate(a anchor) (located, error) {
	guess, width, size := place{a.position, a.position + 1}, margin, r.size
	span := interval{stride: 4 * margin}
	for {
		rows := r.rows
		w, err := r.around(guess, width, size)
		if err != nil {
			return located{}, err
		}
		if r.backward && r.rows < rows {
			continue // the window was cut short before the place
		}
		found, direction, err := r.find(a, w)
		if err != nil {
			return located{}, err
		}
		switch direction {
		case here:
			if r.covers(w, found) {
				return located{w, found}, nil
			}
			guess, width, size = found, margin, r.size
		case towardsEnd, towardsStart:
			position := span.next(direction, w)
			guess, width, size = place{position, position}, min(4*width, maxMargin), min(r.size, maxMargin)
		case amongEquals:
			if width == equalsMargin {
				return located{}, errPlaceIsUnknown
			}
			middle := w.start + len(w.rows)/2
			guess, width, size = place{middle, middle}, equalsMargin, min(r.size, maxMargin)
		default:
			return located{}, errPlaceIsUnknown
		}
	}
}

// find looks for the place of the anchor in the window. If that takes the order,
// it learns the order from the first row of the list.
func (r *reader) find(a anchor, w window) (place, direction, error) {
	if p, ok := a.row(w); ok {
		return p, here, nil
	}
	if w.unsorted {
		return place{}, lost, texter.BreachError(texter.BreachOrder) // which the Searcher has counted
	}
	p, d := a.find(w, r.order)
	if d != orderNeeded {
		return p, d, nil
	}
	if _, err := r.read(0, 1); err != nil {
		return place{}, lost, err
	}
	if r.order == orderUnknown {
		r.order = messagelessLast // the first row has messages
	}
	p, d = a.find(w, r.order)
	return p, d, nil
}

// interval is where the place can be: from lo to hi, once these are known.
type interval struct {
	lo, hi         int
	knowLo, knowHi bool
	stride         int
}

// next narrows the interval by a window that does not hold the place, and returns
// the position to look at next.
func (i *interval) next(d direction, w window) int {
	if d == towardsEnd {
		i.lo, i.knowLo = w.end(), true
	} else {
		i.hi, i.knowHi = min(w.start, w.total), true
	}
	if i.knowLo && i.knowHi && i.lo >= i.hi {
		// The list changed between the windows: only this one still counts.
		i.knowLo, i.knowHi = d == towardsEnd, d == towardsStart
	}
	switch {
	case i.knowLo && i.knowHi:
		return i.lo + (i.hi-i.lo)/2
	case i.knowLo:
		position := min(i.lo+i.stride, w.total)
		i.stride *= 4
		return position
	}
	position := max(i.hi-i.stride, 0)
	i.stride *= 4
	return position
}
