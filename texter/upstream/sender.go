package upstream

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"texter-graphql/internal/failure"
	"texter-graphql/texter/upstream/http1"
)

// connectTimeout bounds the making of a connection, and then its TLS handshake.
const connectTimeout = 3 * time.Second

// sender sends attempts over the network.
type sender struct {
	netHTTP *http.Transport
	http1   *http1.Transport // nil if netHTTP sends all attempts
}

// newSender makes a sender that keeps as many idle connections as there can be
// attempts. By default, net/http keeps two for each host, so that a busy service
// would connect again and again.
func newSender(o Options, attemptTimeout time.Duration, concurrency int) *sender {
	timeout := min(attemptTimeout, connectTimeout)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return o.dial(ctx, network, address)
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = dial
	t.TLSHandshakeTimeout = timeout
	t.ResponseHeaderTimeout = attemptTimeout
	t.MaxResponseHeaderBytes = http1.MaxResponseHeaderBytes
	t.MaxIdleConns, t.MaxIdleConnsPerHost = concurrency, concurrency
	// Without pings, requests go on over an HTTP/2 connection that is dead.
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 5 * time.Second}
	s := &sender{netHTTP: t}
	if !o.NetHTTP {
		s.http1 = http1.New(http1.Options{
			DialContext: dial, TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: attemptTimeout,
			MaxIdleConns: concurrency, IdleConnTimeout: t.IdleConnTimeout,
		})
	}
	return s
}

// RoundTrip implements http.RoundTripper.
func (s *sender) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := s.netHTTP.Proxy(req)
	switch {
	case err != nil: // it is set to what is no URL
		return nil, &failure.Error{Class: failure.Proxy, Err: err}
	case proxy != nil:
		return s.throughProxy(req)
	case s.http1 == nil || !http1.Supports(req):
		return s.netHTTP.RoundTrip(req)
	}
	return s.http1.RoundTrip(req)
}

// throughProxy sends a request through a proxy. For net/http, what goes wrong
// between the proxy and Texter looks like any other error. Here it is one of the
// proxy, unless it is one of TLS: that is between Texter and this service.
func (s *sender) throughProxy(req *http.Request) (*http.Response, error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	res, err := s.netHTTP.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err == nil || connected.Load() || req.Context().Err() != nil {
		return res, err
	}
	if class := failure.Of(err); class == failure.TLS || class == failure.Certificate {
		return nil, err
	}
	return nil, &failure.Error{Class: failure.Proxy, Err: err}
}

// CloseIdleConnections closes the connections that are not in use.
func (s *sender) CloseIdleConnections() {
	s.netHTTP.CloseIdleConnections()
	if s.http1 != nil {
		s.http1.CloseIdleConnections()
	}
}
