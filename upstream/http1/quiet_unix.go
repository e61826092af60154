//go:build unix

package http1

import (
	"errors"
	"syscall"
)

// isQuiet reports whether nothing has come over the connection since its last
// answer, not even its end: what comes unasked is no answer to the next request.
func (c *conn) isQuiet() bool {
	if c.raw == nil {
		return false
	}
	quiet := false
	err := c.raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, err := syscall.Read(int(fd), one[:]) // which does not block: net has it so
		quiet = errors.Is(err, syscall.EAGAIN)
		return true
	})
	return err == nil && quiet
}
