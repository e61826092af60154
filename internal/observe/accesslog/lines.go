package accesslog

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxPiece bounds the lines that are written at once, in bytes. A pipe takes a
	// write of this size in one piece, whoever else writes to it (PIPE_BUF of POSIX).
	maxPiece = 4 << 10
	// maxPending bounds the lines that wait while nobody reads the log, in bytes.
	maxPending = 1 << 20
	// maxDelay is how long a line waits at most, and how long Write waits for it.
	maxDelay = 100 * time.Millisecond
	// closeTimeout is how long Close waits for a log that nobody reads.
	closeTimeout = time.Second
)

// Lines writes lines to a log. It collects the lines of requests and writes
// several at once, because a write costs more than making a line. It keeps the
// order of lines, and is safe for concurrent use. Close it at the end.
//
// While nobody reads the log, nobody waits for it: lines beyond maxPending are
// dropped and counted, and a line says how many once somebody reads again.
type Lines struct {
	to io.Writer

	mu         sync.Mutex
	pending    []byte
	spare      []byte        // what pending was before, to be used again
	timer      *time.Timer   // calls flush; nil if it is not set
	writing    chan struct{} // closed when nothing is pending any more; nil if nobody writes
	stalled    bool          // whether somebody has waited in vain for the write in progress
	closed     bool
	unreported int            // lines dropped since the last report
	timers     sync.WaitGroup // the timers that are set or that call flush

	dropped atomic.Int64
}

// NewLines returns Lines that are written to w.
func NewLines(w io.Writer) *Lines { return &Lines{to: w, pending: make([]byte, 0, maxPiece)} }

// Dropped returns how many lines were dropped so far.
func (l *Lines) Dropped() int64 { return l.dropped.Load() }

// Write writes a line at once, after the pending ones. If nobody reads the log, the
// line is written later, or dropped. It implements io.Writer, and never errors.
func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	l.add(line)
	done, stalled := l.begin(), l.stalled
	l.mu.Unlock()
	if !stalled {
		l.wait(done, maxDelay)
	}
	return len(line), nil
}

// Close writes the pending lines. Later lines are written at once. When Close
// returns, Lines uses no goroutine any more, unless nobody reads the log.
func (l *Lines) Close() {
	l.mu.Lock()
	l.closed = true
	if l.timer != nil && l.timer.Stop() {
		l.timers.Done()
	}
	done := l.begin()
	l.mu.Unlock()
	l.wait(done, closeTimeout)
	l.timers.Wait()
}

// writeLater writes a line within maxDelay.
func (l *Lines) writeLater(line []byte) {
	l.mu.Lock()
	closed := l.closed
	l.add(line)
	switch {
	case closed:
	case len(l.pending) >= maxPiece:
		l.begin()
	case l.timer == nil:
		l.timers.Add(1)
		l.timer = time.AfterFunc(maxDelay, l.flush)
	}
	l.mu.Unlock()
	if closed {
		_, _ = l.Write(nil)
	}
}

// flush is called by the timer.
func (l *Lines) flush() {
	defer l.timers.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = nil
	l.begin()
}

// add appends a line to the pending ones, or drops it. The caller holds mu.
func (l *Lines) add(line []byte) {
	if len(l.pending)+len(line) > maxPending {
		l.unreported++
		l.dropped.Add(1)
		return
	}
	l.pending = append(l.pending, line...)
}

// begin has a goroutine write the pending lines. It returns the channel that is closed
// when that is done; nil if there is nothing to write. The caller holds mu.
func (l *Lines) begin() (done chan struct{}) {
	if l.writing == nil && len(l.pending) > 0 {
		l.writing = make(chan struct{})
		go l.run()
	}
	return l.writing
}

// wait waits until the channel is closed, but no longer than the time.
func (l *Lines) wait(done chan struct{}, most time.Duration) {
	if done == nil {
		return
	}
	timeout := time.NewTimer(most)
	defer timeout.Stop()
	select {
	case <-done:
	case <-timeout.C:
		l.mu.Lock()
		l.stalled = l.writing == done
		l.mu.Unlock()
	}
}

// run writes until nothing is pending.
func (l *Lines) run() {
	for {
		l.mu.Lock()
		l.stalled = false
		if len(l.pending) == 0 {
			close(l.writing)
			l.writing = nil
			l.mu.Unlock()
			return
		}
		batch, dropped := l.pending, l.unreported
		l.pending, l.unreported = l.spare[:0], 0
		l.mu.Unlock()
		l.writePieces(batch, dropped)
		l.mu.Lock()
		if l.spare = nil; cap(batch) <= 4*maxPiece { // what a stall needed is given back
			l.spare = batch
		}
		l.mu.Unlock()
	}
}

// writePieces writes lines in pieces of whole lines, and then how many lines were
// dropped after them. What can't be written is lost.
func (l *Lines) writePieces(lines []byte, dropped int) {
	for len(lines) > 0 {
		n := len(lines)
		if n > maxPiece {
			n = bytes.LastIndexByte(lines[:maxPiece], '\n') + 1
		}
		if n == 0 {
			n = bytes.IndexByte(lines, '\n') + 1 // a line that is longer
		}
		_, _ = l.to.Write(lines[:n])
		lines = lines[n:]
	}
	if dropped > 0 {
		_, _ = fmt.Fprintf(l.to, `{"time":%q,"level":"WARN","msg":"lines of the log were dropped, because nobody read it","lines":%d}`+"\n", time.Now().Format(time.RFC3339Nano), dropped)
	}
}

// batch is an io.Writer of lines that are written later, with others.
type batch struct{ lines *Lines }

func (b batch) Write(line []byte) (int, error) {
	b.lines.writeLater(line)
	return len(line), nil
}
