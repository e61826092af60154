//go:build !386

package websocket

import (
	"syscall"
	"unsafe"
)

// writeNow writes as much as the connection takes without waiting, and returns how
// much that was. An error shows at the next write, which may wait. The caller holds
// writing.
//
// It sets no deadline, and parks no goroutine. The scheduler is not told of the call,
// which can't block: to tell it costs a tenth of a delivery. To send costs a little
// less than to write, which looks for a position in a file.
func (c *connection) writeNow(b []byte) (n int) {
	if c.raw == nil {
		return 0
	}
	_ = c.raw.Control(func(fd uintptr) {
		sent, _, errno := syscall.RawSyscall6(syscall.SYS_SENDTO, fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)),
			syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
		if errno == 0 {
			n = int(sent)
		}
	})
	return n
}
