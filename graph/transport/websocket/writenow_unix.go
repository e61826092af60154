//go:build unix

package websocket

import "syscall"

// writeNow writes as much as the connection takes without waiting, and returns how
// much that was. It sets no deadline, and parks no goroutine. An error shows at the
// next write, which may wait.
func writeNow(conn syscall.RawConn, b []byte) (n int) {
	_ = conn.Write(func(fd uintptr) bool {
		n, _ = syscall.Write(int(fd), b) // the descriptor does not block
		return true
	})
	return max(n, 0)
}
