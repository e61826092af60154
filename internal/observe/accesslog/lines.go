package accesslog

import (
	"io"
	"sync"
	"time"
)

const (
	// maxPending bounds the lines that wait to be written, in bytes. A pipe takes
	// a write of this size in one piece, whoever else writes to it (PIPE_BUF of
	// POSIX).
	maxPending = 4 << 10
	// maxDelay is how long a line waits at most.
	maxDelay = 100 * time.Millisecond
)

// Lines writes lines to a log. It collects the lines of requests and writes
// several at once, because a write costs more than making a line. It keeps the
// order of lines, and is safe for concurrent use. Close it at the end.
type Lines struct {
	to io.Writer

	mu      sync.Mutex
	pending []byte
	timer   *time.Timer // calls flush; nil if nothing is pending
	closed  bool
	timers  sync.WaitGroup // the timers that are set or that call flush
}

// NewLines returns Lines that are written to w.
func NewLines(w io.Writer) *Lines { return &Lines{to: w, pending: make([]byte, 0, maxPending)} }

// Write writes a line at once, after the pending ones. It implements io.Writer.
func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(line)
	return len(line), l.write()
}

// Close writes the pending lines. Later lines are written at once. When Close
// returns, Lines uses no goroutine any more.
func (l *Lines) Close() {
	l.mu.Lock()
	l.closed = true
	if l.timer != nil && l.timer.Stop() {
		l.timers.Done()
	}
	_ = l.write()
	l.mu.Unlock()
	l.timers.Wait()
}

// writeLater writes a line within maxDelay.
func (l *Lines) writeLater(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(line)
	switch {
	case l.closed:
		_ = l.write()
	case l.timer == nil:
		l.timers.Add(1)
		l.timer = time.AfterFunc(maxDelay, l.flush)
	}
}

// flush is called by the timer.
func (l *Lines) flush() {
	defer l.timers.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = nil
	_ = l.write()
}

// add appends a line to the pending ones. The caller holds mu.
func (l *Lines) add(line []byte) {
	if len(l.pending)+len(line) > maxPending {
		_ = l.write()
	}
	l.pending = append(l.pending, line...)
}

// write writes the pending lines. Lines that can't be written are lost. The
// caller holds mu.
func (l *Lines) write() error {
	if len(l.pending) == 0 {
		return nil
	}
	_, err := l.to.Write(l.pending)
	l.pending = l.pending[:0]
	return err
}

// batch is an io.Writer of lines that are written later, with others.
type batch struct{ lines *Lines }

func (b batch) Write(line []byte) (int, error) {
	b.lines.writeLater(line)
	return len(line), nil
}
