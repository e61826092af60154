//go:build unix

package http1

import (
	"errors"
	"syscall"
)

// socketIsEmpty reports whether the socket has neither bytes to read nor the end
// of the connection. It reads a byte if there is one, so that the connection can
// only be closed then.
func (c *conn) socketIsEmpty() bool {
	if c.socket == nil {
		return false
	}
	empty := false // also if the connection is closed
	_ = c.socket.Read(func(fd uintptr) bool {
		var b [1]byte
		_, err := syscall.Read(int(fd), b[:]) // does not block: package net makes sockets non-blocking
		empty = errors.Is(err, syscall.EAGAIN)
		return true
	})
	return empty
}
