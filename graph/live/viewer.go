package live

import "texter-graphql/graph/relay"

// Viewer is one who watches a list. Its methods are for one goroutine at a time.
type Viewer struct {
	topic   *topic
	wake    func()
	encoder *Encoder // nil if batches are not encoded

	// The rest is guarded by topic.mu.
	has     *relay.Snapshot // the rows that the viewer has; nil if that is not known
	key     any             // stands for these rows: see window.changesSince
	started bool            // whether the viewer got a batch
	poll    int             // the first poll that began after the viewer came
	reset   bool            // whether the only batch is a Reset
}

// Next returns the next batch, or nil if there is none yet. It never waits. It is not
// called again after an error, nor after a batch that is the last one.
func (v *Viewer) Next() (*Changes, error) {
	t := v.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.window
	switch {
	case t.ended, w == nil && t.failed >= v.poll:
		return nil, t.err
	case w == nil || v.has == w.snapshot:
		return nil, nil
	case v.reset:
		return &Changes{Cursor: w.cursor, TotalCount: w.connection.TotalCount, Changes: []Change{Reset{ResetUnknown}}, IsLast: true}, nil
	case v.isAhead():
		return nil, nil // to go back to older rows would take away what the viewer has seen
	case v.has == nil || !v.started && w.matches(v.has):
		v.has, v.key = w.snapshot, w.snapshot
	}
	changes := w.changesSince(v.key, v.has)
	v.has, v.key, v.started = w.snapshot, w.snapshot, true
	return changes, nil
}

// isAhead reports whether the viewer may have come with newer rows than the window has.
// The caller holds topic.mu.
func (v *Viewer) isAhead() bool {
	w := v.topic.window
	return w != nil && !v.started && !v.reset && v.has != nil && w.poll < v.poll && !w.matches(v.has) && !w.isNewer(v.has)
}

// Close ends the watching. It is called once.
func (v *Viewer) Close() { v.topic.remove(v) }
