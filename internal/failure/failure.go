// Package failure names the reasons why a call over the network failed, for
// logs, metrics and traces.
package failure

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// Class is a reason why a call failed. It is one of the constants below, or
// empty for a call that did not fail. It never holds an address or a value.
type Class string

// The classes, in the order in which a call goes on.
const (
	// DNS: the name of the host could not be resolved.
	DNS Class = "dns"
	// Refused: the host refused the connection.
	Refused Class = "refused"
	// Unreachable: there is no way to the host, or it did not answer when a
	// connection was asked for.
	Unreachable Class = "unreachable"
	// Proxy: the proxy on the way could not be used, or made no connection.
	Proxy Class = "proxy"
	// TLS: the two sides agreed on no TLS connection, for example because the port
	// is one of plain HTTP.
	TLS Class = "tls"
	// Certificate: the certificate of the host is not trusted, or not of this host.
	Certificate Class = "certificate"
	// Reset: the connection ended before the response was complete.
	Reset Class = "reset"
	// Timeout: no complete response came in time.
	Timeout Class = "timeout"
	// Protocol: what came is not HTTP.
	Protocol Class = "protocol"
	// Body: a complete HTTP response came, whose body can't be used: its
	// compression is broken, or it is not what the API promises.
	Body Class = "body"
)

// Classes are all classes.
var Classes = [...]Class{DNS, Refused, Unreachable, Proxy, TLS, Certificate, Reset, Timeout, Protocol, Body}

// Error is an error whose class is known where it occurs.
type Error struct {
	Class Class
	Err   error
}

// Error returns the text of the error inside, which may hold addresses.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error inside.
func (e *Error) Unwrap() error { return e.Err }

// Of returns the class of an error of package net, crypto/tls or net/http, or of
// an *Error. It looks at types. Only package net/http has no types for most
// errors of a malformed response: an error that no type explains is Protocol. Of
// nil it returns the empty class.
func Of(err error) Class {
	if err == nil {
		return ""
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return known.Class
	}
	for _, class := range [...]func(error) Class{ofConnecting, ofTLS, ofEnding} {
		if c := class(err); c != "" {
			return c
		}
	}
	return Protocol
}

// ofConnecting classifies the errors before there is a connection.
func ofConnecting(err error) Class {
	operation, ok := errors.AsType[*net.OpError](err)
	if ok && (operation.Op == "proxyconnect" || operation.Op == "socks connect") { // of net/http
		return Proxy
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return DNS
	}
	switch {
	case !ok || operation.Op != "dial":
		return ""
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, syscall.ECONNRESET):
		return Reset
	}
	return Unreachable
}

// ofTLS classifies the errors of a handshake. crypto/tls has no types for some of
// them; the text of all begins with its name.
func ofTLS(err error) Class {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Certificate
	}
	if strings.HasPrefix(innermost(err).Error(), "tls: ") {
		return TLS
	}
	return ""
}

func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// ofEnding classifies the errors of a connection that ends too early.
func ofEnding(err error) Class {
	timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	if ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return Timeout
	}
	_, ofSocket := errors.AsType[*net.OpError](err)
	_, ofStream := errors.AsType[streamError](err)
	_, ofSystem := errors.AsType[syscall.Errno](err)
	if ofSocket || ofStream || ofSystem || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return Reset
	}
	return ""
}

// streamError is an error of HTTP/2. The type in net/http is not exported. Its
// method As copies it to a type with the same fields, as that of
// golang.org/x/net/http2 is.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (streamError) Error() string { return "an HTTP/2 stream was reset" }
