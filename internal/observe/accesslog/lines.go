package accesslog

import (
	"io"
	"sync"
	"time"
)

const (
	// maxWaiting is how many bytes of lines wait to be written: as many as a pipe
	// takes whole, whoever else writes to it (PIPE_BUF of POSIX).
	maxWaiting = 4 << 10
	// maxWait is how long they do.
	maxWait = 100 * time.Millisecond
)

// Lines writes lines, several at a time: a write for each would cost more than
// making it. It keeps their order, and is safe for concurrent use.
type Lines struct {
	to      io.Writer
	mu      sync.Mutex
	waiting []byte
	timed   bool // whether a Flush is to come
}

// NewLines makes Lines that are written to w.
func NewLines(w io.Writer) *Lines { return &Lines{to: w, waiting: make([]byte, 0, maxWaiting)} }

// Write writes a line at once, after those that wait. It implements io.Writer.
func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.append(line)
	return len(line), l.write()
}

// Flush writes the lines that wait.
func (l *Lines) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timed = false
	_ = l.write()
}

// later writes a line within maxWait.
func (l *Lines) later(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.append(line)
	if !l.timed {
		l.timed = true
		time.AfterFunc(maxWait, l.Flush)
	}
}

func (l *Lines) append(line []byte) {
	if len(l.waiting)+len(line) > maxWaiting {
		_ = l.write()
	}
	l.waiting = append(l.waiting, line...)
}

// write writes what waits. What can't be written is lost, as of any log.
func (l *Lines) write() error {
	if len(l.waiting) == 0 {
		return nil
	}
	_, err := l.to.Write(l.waiting)
	l.waiting = l.waiting[:0]
	return err
}
