// Package http1 sends requests over HTTP/1.1 on the goroutines of their callers.
// The transport of net/http has two goroutines for each connection, and hands
// every request and response from one goroutine to another. That takes a tenth
// of the processor time of a page of 30 chats. This package leaves the parsing
// of responses and bodies to net/http.
package http1

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options configure a Transport. Those of net/http's Transport have its names.
type Options struct {
	// DialContext makes the connections; nil is that of a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// TLSHandshakeTimeout bounds a TLS handshake; 0 is no bound.
	TLSHandshakeTimeout time.Duration
	// ResponseHeaderTimeout bounds the time from sending a request to the end of
	// the header of its response; 0 is no bound.
	ResponseHeaderTimeout time.Duration
	// MaxIdleConns is how many idle connections are kept; 0 keeps none.
	MaxIdleConns int
	// IdleConnTimeout is how long an idle connection can be used again; 0 is no
	// bound. It is closed at most 10 seconds later.
	IdleConnTimeout time.Duration
	// TLSClientConfig configures https; nil is the default of crypto/tls.
	TLSClientConfig *tls.Config
}

// Transport is an http.RoundTripper for GET requests without a body. It uses no
// proxy and follows no redirect. It is safe for concurrent use; the body of a
// response is for one goroutine. A body that is read to its end gives its
// connection to the next request. A body that is closed before its end closes
// the connection, unless the rest has arrived already.
type Transport struct {
	options Options

	mu      sync.Mutex
	idle    []*conn     // the one that was used last is at the end
	sweeper *time.Timer // will call sweep; nil if nothing will
}

// New makes a Transport.
func New(o Options) *Transport {
	if o.DialContext == nil {
		o.DialContext = new(net.Dialer).DialContext
	}
	return &Transport{options: o}
}

// RoundTrip implements http.RoundTripper. If the server closed an idle
// connection before the first byte of the response, the request is sent again
// over another connection.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !Supports(r) {
		return nil, errUnsupported
	}
	target := r.URL.RequestURI()
	if !isValid(r, target) {
		return nil, errInvalidCharacter
	}
	ctx := r.Context()
	origin := r.URL.Scheme + "://" + r.URL.Host
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := t.takeIdle(origin)
		reused := c != nil
		if !reused {
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
		if !reused || c.responding || isTimeout(err) {
			return nil, contextError(ctx, err)
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// contextError returns the error of the context if it has ended, since that is
// then the reason for err. Otherwise it returns err.
func contextError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// dial makes a connection.
func (t *Transport) dial(ctx context.Context, r *http.Request, origin string) (*conn, error) {
	port := r.URL.Port()
	if port == "" {
		port = r.URL.Scheme // package net knows its number
	}
	socket, err := t.options.DialContext(ctx, "tcp", net.JoinHostPort(r.URL.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if r.URL.Scheme == "http" {
		return newConn(t, origin, socket, socket), nil
	}
	secure, err := t.handshake(ctx, socket, r.URL.Hostname())
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	return newConn(t, origin, secure, socket), nil
}

// handshake begins TLS on a connection.
func (t *Transport) handshake(ctx context.Context, socket net.Conn, host string) (net.Conn, error) {
	if t.options.TLSHandshakeTimeout > 0 {
		bounded, cancel := context.WithTimeout(ctx, t.options.TLSHandshakeTimeout)
		defer cancel()
		ctx = bounded
	}
	config := t.options.TLSClientConfig.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.NextProtos = []string{"http/1.1"}
	if config.ServerName == "" {
		config.ServerName = host
	}
	secure := tls.Client(socket, config)
	return secure, secure.HandshakeContext(ctx)
}
