//go:build !unix

package http1

// isQuiet reports whether nothing has come over the connection since its last
// answer. Here that can't be known, so that each request has a connection of its
// own.
func (*conn) isQuiet() bool { return false }
