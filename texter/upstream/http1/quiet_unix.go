//go:build unix

package http1

import (
	"errors"
	"syscall"
)

// nothingWaits reports whether nothing has come that was not read, not even the
// end of the connection.
func (c *conn) nothingWaits() bool {
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
