//go:build !unix

package http1

// socketIsEmpty always reports false: on this system nobody can tell without
// reading. So each request gets a new connection.
func (*conn) socketIsEmpty() bool { return false }
