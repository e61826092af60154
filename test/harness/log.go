package harness

import (
	"bytes"
	"strings"
	"sync"
)

// Log takes the log of a program, for Command. Its lines can be waited for. It is safe
// for concurrent use.
type Log struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed with the next write
}

// NewLog returns an empty log.
func NewLog() *Log { return &Log{changed: make(chan struct{})} }

// Write implements io.Writer.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
	return l.text.Write(b)
}

// Await waits until the log has a text so many times.
func (l *Log) Await(text string, times int) {
	for {
		l.mu.Lock()
		found, changed := strings.Count(l.text.String(), text), l.changed
		l.mu.Unlock()
		if found >= times {
			return
		}
		<-changed
	}
}

// Count returns how often the log has a text so far.
func (l *Log) Count(text string) int { return strings.Count(l.String(), text) }

// String returns the log so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
