//go:build unix

package http1

import "syscall"

// isQuiet reports whether nothing has come over the connection since its last
// answer, not even its end: what comes unasked is no answer to the next request.
func (c *conn) isQuiet() bool {
	raw, ok := c.raw.(syscall.Conn)
	if !ok {
		return false
	}
	file, err := raw.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = file.Read(func(fd uintptr) bool {
		var one [1]byte
		_, err := syscall.Read(int(fd), one[:]) // which does not block: net has it so
		quiet = err == syscall.EAGAIN
		return true
	})
	return err == nil && quiet
}
