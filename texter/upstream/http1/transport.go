// Package http1 sends requests over HTTP/1.1 on the goroutines of their callers.
// net/http's own transport has two goroutines for each connection, and hands
// every request and answer from one to another: that takes a tenth of all the
// processor time of a page of 30 chats. What a message looks like, and when a
// body ends, is left to net/http.
package http1

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Options configure a Transport.
type Options struct {
	// ConnectTimeout bounds the making of a connection, and TLS on top of it; 0
	// is without a bound, as it is for HeadTimeout.
	ConnectTimeout time.Duration
	// HeadTimeout bounds how long a request waits for the head of its answer.
	HeadTimeout time.Duration
	// MaxIdle is how many connections are kept that nobody uses; 0 keeps none.
	MaxIdle int
	// IdleTimeout is for how long they are; 0 is without a bound.
	IdleTimeout time.Duration
	// TLS configures https; nil is Go's defaults.
	TLS *tls.Config
}

// Transport is an http.RoundTripper for GET requests without a body. It uses no
// proxy and follows no redirect. It is safe for concurrent use, except that the
// body of an answer is for one goroutine. A body that is read to its end gives
// its connection to the next request; one that is closed before, closes it, unless
// the rest is here already.
type Transport struct {
	options Options
	dialer  net.Dialer

	mu   sync.Mutex
	idle []*conn // in the order in which they were last used
}

// New makes a transport.
func New(o Options) *Transport {
	return &Transport{options: o, dialer: net.Dialer{KeepAlive: 15 * time.Second}}
}

// Takes reports whether a request is one that Transport sends.
func Takes(r *http.Request) bool {
	return r.Method == http.MethodGet && (r.Body == nil || r.Body == http.NoBody) &&
		(r.URL.Scheme == "http" || r.URL.Scheme == "https") && isASCII(r.URL.Host)
}

// isASCII reports whether a host is; others have to be encoded: RFC 5891.
func isASCII(host string) bool {
	return !strings.ContainsFunc(host, func(c rune) bool { return c > unicode.MaxASCII })
}

var errNotTaken = errors.New("http1: only GET requests of http and https, without a body, to hosts in ASCII, are sent")

// RoundTrip implements http.RoundTripper. A connection may have been closed by
// the server while nobody used it: then the request goes over another one.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !Takes(r) {
		return nil, errNotTaken
	}
	target := r.URL.RequestURI()
	if breaksLines(r, target) {
		return nil, errBroken
	}
	ctx := r.Context()
	origin := r.URL.Scheme + "://" + r.URL.Host
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := t.take(origin)
		used := c != nil
		if !used {
			var err error
			if c, err = t.dial(ctx, r, origin); err != nil {
				return nil, err
			}
		}
		res, err := c.roundTrip(r, target)
		if err == nil {
			return res, nil
		}
		_ = c.Close()
		if !used || c.answering || isTimeout(err) || ctx.Err() != nil {
			return nil, contextError(ctx, err)
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// contextError is the context's error, if that has ended, for it is then the
// reason for err.
func contextError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// dial makes a connection.
func (t *Transport) dial(ctx context.Context, r *http.Request, origin string) (*conn, error) {
	if t.options.ConnectTimeout > 0 {
		bounded, cancel := context.WithTimeout(ctx, t.options.ConnectTimeout)
		defer cancel()
		ctx = bounded
	}
	port := r.URL.Port()
	if port == "" {
		port = r.URL.Scheme // which net knows the port of
	}
	raw, err := t.dialer.DialContext(ctx, "tcp", net.JoinHostPort(r.URL.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if r.URL.Scheme == "http" {
		return newConn(t, origin, raw, raw), nil
	}
	config := t.options.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.NextProtos = []string{"http/1.1"}
	if config.ServerName == "" {
		config.ServerName = r.URL.Hostname()
	}
	secure := tls.Client(raw, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return newConn(t, origin, secure, raw), nil
}

// take returns the connection to an origin that was used last, if it still
// lives; else nil.
func (t *Transport) take(origin string) *conn {
	for {
		c := t.pop(origin)
		if c == nil {
			return nil
		}
		if !t.outdated(c) && c.isQuiet() {
			return c
		}
		_ = c.Close()
	}
}

func (t *Transport) pop(origin string) *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.idle) - 1; i >= 0; i-- {
		if c := t.idle[i]; c.origin == origin {
			t.idle = append(t.idle[:i], t.idle[i+1:]...)
			return c
		}
	}
	return nil
}

func (t *Transport) outdated(c *conn) bool {
	return t.options.IdleTimeout > 0 && time.Since(c.idleSince) > t.options.IdleTimeout
}

// keep takes a connection back, in place of the one that has not been used for
// longest if there are too many, or if that is outdated.
func (t *Transport) keep(c *conn) {
	c.idleSince = time.Now()
	t.mu.Lock()
	t.idle = append(t.idle, c)
	var oldest *conn
	if len(t.idle) > t.options.MaxIdle || t.outdated(t.idle[0]) {
		oldest = t.idle[0]
		t.idle = t.idle[1:]
	}
	t.mu.Unlock()
	if oldest != nil {
		_ = oldest.Close()
	}
}

// CloseIdleConnections closes the connections that nobody uses.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	idle := t.idle
	t.idle = nil
	t.mu.Unlock()
	for _, c := range idle {
		_ = c.Close()
	}
}
