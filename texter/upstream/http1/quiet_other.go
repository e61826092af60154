//go:build !unix

package http1

// nothingWaits reports whether nothing has come that was not read. Here that
// can't be known, so that each request has a connection of its own.
func (*conn) nothingWaits() bool { return false }
