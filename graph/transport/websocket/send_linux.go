//go:build !386

package websocket

import (
	"syscall"
	"unsafe"
)

// sending sends without waiting. It is used again and again, so that to send takes no
// memory.
type sending struct {
	bytes   []byte
	sent    int
	control func(fd uintptr) // is send
}

// now sends as much as the connection takes without waiting, and returns how much that
// was. An error shows at the next write, which may wait. The caller holds writing.
func (s *sending) now(c syscall.RawConn, b []byte) int {
	if c == nil {
		return 0
	}
	if s.control == nil {
		s.control = s.send
	}
	s.bytes, s.sent = b, 0
	_ = c.Control(s.control)
	return s.sent
}

// send sends the bytes. It sets no deadline, and parks no goroutine. The scheduler is
// not told of the call, which can't block: to tell it costs a tenth of a delivery. To
// send costs a little less than to write, which looks for a position in a file.
func (s *sending) send(fd uintptr) {
	sent, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd,
		uintptr(unsafe.Pointer(unsafe.SliceData(s.bytes))), uintptr(len(s.bytes)),
		syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
	if errno == 0 {
		s.sent = int(sent)
	}
}
