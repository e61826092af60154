package websocket

import (
	"syscall"
	"unsafe"
)

// writeNow writes as much as the connection takes without waiting, and returns how
// much that was. It sets no deadline, and parks no goroutine. The scheduler is not told
// of the call, since the descriptor does not block: to tell it costs a tenth of a
// delivery. An error shows at the next write, which may wait.
func writeNow(conn syscall.RawConn, b []byte) (n int) {
	_ = conn.Write(func(fd uintptr) bool {
		written, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
		if errno == 0 {
			n = int(written)
		}
		return true
	})
	return n
}
