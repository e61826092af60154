package http1_test

import (
	"context"
	"net"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/upstream/http1"
)

// TestOpaqueConnections: a connection on which nobody can tell whether something
// has arrived is not used again, and the look at it takes no time.
func TestOpaqueConnections(t *testing.T) {
	certificate := httptest.NewTLSServer(nil)
	defer certificate.Close()
	for name, test := range map[string]struct {
		scheme string
		wrap   func(*clientEnd) net.Conn
	}{
		"no socket":                   {"http", func(c *clientEnd) net.Conn { return struct{ net.Conn }{c} }},
		"a socket that can't be had":  {"http", func(c *clientEnd) net.Conn { return lostSocket{c} }},
		"TLS without deadlines":       {"https", func(c *clientEnd) net.Conn { return stuckDeadline{c, func(time.Time) bool { return true }} }},
		"TLS, and the deadline stays": {"https", func(c *clientEnd) net.Conn { return stuckDeadline{c, time.Time.IsZero} }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := respond(ok("body"))
				if test.scheme == "https" {
					answer = overTLS(certificate, answer)
				}
				s := newServerInMemory(t, answer)
				transport := newTransport(t, trust(certificate), func(o *http1.Options) {
					o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
						c, err := s.dial(ctx, network, address)
						return test.wrap(c.(*clientEnd)), err
					}
				})
				for range 2 {
					expect(t, transport, test.scheme+"://example.com", "body")
				}
				s.expectConnections(t, 2)
			})
		})
	}
}

// lostSocket is a connection that can't give its socket.
type lostSocket struct{ *clientEnd }

func (lostSocket) SyscallConn() (syscall.RawConn, error) { return nil, syscall.EINVAL }

// stuckDeadline is a connection that takes only some deadlines.
type stuckDeadline struct {
	*clientEnd
	refuses func(time.Time) bool
}

func (c stuckDeadline) SetReadDeadline(t time.Time) error {
	if c.refuses(t) {
		return os.ErrNoDeadline
	}
	return c.clientEnd.SetReadDeadline(t)
}
