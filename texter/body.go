package texter

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Sizes of what a body is read into, in bytes.
const (
	firstChunk = 32 << 10 // of a body of unknown length: holds a page of 30 chats
	maxChunk   = 1 << 20
)

// readResponse reads and closes the body of a response, which may have at most
// limit bytes once it is decompressed.
func (b *buffer) readResponse(ctx context.Context, res *http.Response, limit int64) ([]byte, error) {
	defer res.Body.Close()
	if !isGzip(res.Header.Get("Content-Encoding")) {
		return b.readBody(ctx, res.Body, res.ContentLength, limit)
	}
	reader, err := gzip.NewReader(res.Body)
	if err != nil {
		return nil, gzipError(ctx, res.Body, err)
	}
	body, err := b.readBody(ctx, reader, -1, limit)
	if err != nil {
		return nil, gzipError(ctx, res.Body, err)
	}
	return body, nil
}

var errGzip = errors.New("the body is not whole gzip")

// gzipError tells gzip that is broken from a connection that is: both end too
// early for package gzip. A body of package http that has ended says so again.
func gzipError(ctx context.Context, body io.Reader, err error) error {
	corrupt, isCorrupt := errors.AsType[flate.CorruptInputError](err)
	switch {
	case isCorrupt:
		return invalidResponse(fmt.Errorf("%w: %w", errGzip, corrupt))
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return invalidResponse(errGzip)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		if _, again := body.Read(make([]byte, 1)); errors.Is(again, io.EOF) {
			return invalidResponse(errGzip)
		}
	}
	if _, known := errors.AsType[*Error](err); known {
		return err
	}
	return transportError(ctx, err)
}

// isGzip reports whether a content coding is gzip, in any case and by its older
// name too: RFC 9110, sections 8.4.1 and 8.4.1.3.
func isGzip(coding string) bool {
	return strings.EqualFold(coding, "gzip") || strings.EqualFold(coding, "x-gzip")
}

// readBody reads a body of this length, -1 if it is not known, which may have
// at most limit bytes. While it reads, it takes no more memory than the body is
// long: a buffer that grows would take up to four times as much.
func (b *buffer) readBody(ctx context.Context, body io.Reader, length, limit int64) ([]byte, error) {
	if length > limit {
		return nil, tooLarge(limit)
	}
	size := length + 1 // one more to see the end
	if size == 0 {
		size = firstChunk
	}
	if int64(cap(b.body)) < size {
		b.body = make([]byte, 0, size)
	}
	var full [][]byte
	chunk := b.body[:0]
	for read := int64(0); ; {
		n, err := body.Read(chunk[len(chunk):cap(chunk)])
		chunk = chunk[:len(chunk)+n]
		switch read += int64(n); {
		case read > limit:
			return nil, tooLarge(limit)
		case errors.Is(err, io.EOF):
			return join(full, chunk), nil
		case err != nil:
			return nil, transportError(ctx, err)
		case len(chunk) == cap(chunk):
			full = append(full, chunk)
			chunk = make([]byte, 0, min(2*cap(chunk), maxChunk))
		}
	}
}

// join returns the bytes of a body that was read in chunks.
func join(full [][]byte, last []byte) []byte {
	if full == nil {
		return last
	}
	return bytes.Join(append(full, last), nil)
}
