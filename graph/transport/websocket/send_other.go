//go:build !linux || 386

package websocket

import "syscall"

// sending sends nothing: here each write may wait. (package syscall has no send on
// Linux for 386.)
type sending struct{}

func (*sending) now(syscall.RawConn, []byte) int { return 0 }
