package relay

// locate reads the page at an anchor. Where the anchor is within the margin of
// where it was, that is one request. Else the list is sorted, so its place is
// searched for: in growing strides until it is between two windows, then by
// halves. It fails with errPlaceIsUnknown if the anchor's equals do not tell
// its place, or after MaxRequests.
func (r *reader) locate(a anchor) (located, error) {
	guess, width := place{a.position, a.position + 1}, margin
	span := interval{stride: 4 * margin}
	for {
		w, err := r.around(guess, width)
		if err != nil {
			return located{}, err
		}
		found, bearing, err := r.judge(a, w)
		if err != nil {
			return located{}, err
		}
		switch bearing {
		case here:
			if r.covers(w, found) {
				return located{w, found}, nil
			}
			guess, width = found, margin
		case further, nearer:
			position := span.next(bearing, w)
			guess, width = place{position, position}, min(4*width, maxMargin)
		case amid:
			if width == equalsMargin {
				return located{}, errPlaceIsUnknown
			}
			middle := w.start + len(w.rows)/2
			guess, width = place{middle, middle}, equalsMargin
		default:
			return located{}, errPlaceIsUnknown
		}
	}
}

// judge finds the anchor's bearing, and learns the order of rows without
// messages from the list's first row if that is needed for it.
func (r *reader) judge(a anchor, w window) (place, bearing, error) {
	p, b := a.find(w, r.order)
	if b != unjudged {
		return p, b, nil
	}
	if _, err := r.read(0, 1); err != nil {
		return place{}, lost, err
	}
	if r.order == orderUnknown {
		r.order = messagelessLast // the first row has messages
	}
	p, b = a.find(w, r.order)
	return p, b, nil
}

// interval is where a place can still be: from lo to hi, each once it is seen.
type interval struct {
	lo, hi         int
	seenLo, seenHi bool
	stride         int
}

// next narrows the interval by a window that the place is not in, and returns
// where to look next.
func (i *interval) next(b bearing, w window) int {
	if b == further {
		i.lo, i.seenLo = w.end(), true
	} else {
		i.hi, i.seenHi = min(w.start, w.total), true
	}
	if i.seenLo && i.seenHi && i.lo >= i.hi {
		// The list moved between the windows: what is not just seen is void.
		i.seenLo, i.seenHi = b == further, b == nearer
	}
	switch {
	case i.seenLo && i.seenHi:
		return i.lo + (i.hi-i.lo)/2
	case i.seenLo:
		position := min(i.lo+i.stride, w.total)
		i.stride *= 4
		return position
	}
	position := max(i.hi-i.stride, 0)
	i.stride *= 4
	return position
}
