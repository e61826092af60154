package http1

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// Supports reports whether Transport can send a request.
func Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && (r.Body == nil || r.Body == http.NoBody) &&
		(r.URL.Scheme == "http" || r.URL.Scheme == "https") && isASCII(r.URL.Host)
}

// isASCII reports whether a host needs no encoding: RFC 5891.
func isASCII(host string) bool {
	return !strings.ContainsFunc(host, func(c rune) bool { return c > unicode.MaxASCII })
}

var (
	errUnsupported      = errors.New("http1: only GET requests without a body to an http or https URL with a host in ASCII can be sent")
	errInvalidCharacter = errors.New("http1: the URL, the host or a header field of the request has a character that is not allowed there")
)

// isValid reports whether all parts of a request stay within their line, so that
// none of them can add a header field or a request.
func isValid(r *http.Request, target string) bool {
	if hasBytesBelow('!', target) || hasBytesBelow('!', r.URL.Host) || hasBytesBelow('!', r.Host) {
		return false
	}
	for name, values := range r.Header {
		if hasBytesBelow('!', name) || strings.Contains(name, ":") ||
			slices.ContainsFunc(values, func(value string) bool { return hasBytesBelow(' ', value) }) {
			return false
		}
	}
	return true
}

// hasBytesBelow reports whether a text has a byte below the lowest one that is
// allowed, or DEL.
func hasBytesBelow(lowest byte, text string) bool {
	for _, b := range []byte(text) {
		if b < lowest || b == 0x7f {
			return true
		}
	}
	return false
}

// write sends the request: RFC 9112, section 3. http.Request.Write would take
// several times as long, since it supports all kinds of requests.
func (c *conn) write(r *http.Request, target string) error {
	c.writeLine("GET ", target, " HTTP/1.1")
	c.writeLine("Host: ", cmp.Or(r.Host, r.URL.Host))
	for name, values := range r.Header {
		for _, value := range values {
			c.writeLine(name, ": ", value)
		}
	}
	c.writeLine()
	return c.writer.Flush()
}

// writeLine writes to the buffer. Flush returns the error, if there is one.
func (c *conn) writeLine(parts ...string) {
	for _, part := range parts {
		_, _ = c.writer.WriteString(part)
	}
	_, _ = c.writer.WriteString("\r\n")
}
