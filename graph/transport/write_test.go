package transport_test

import (
	"bytes"
	"testing"

	"texter-graphql/graph/transport"
)

// loose is data of which only a bound is known in a short time.
type loose struct{ transport.JSON }

// Bound implements transport.Data.
func (l loose) Bound() (size int, isExact bool) { return 2 * len(l.JSON), false }

// TestEncode: a body is whole or in pieces, by its size. Only the last piece is marked
// so, only a whole body is kept, and nothing is sent of one that is too large.
func TestEncode(t *testing.T) {
	const around = len(`{"data":}`)
	small, large := transport.JSON(bytes.Repeat([]byte("1"), 100)), transport.JSON(bytes.Repeat([]byte("2"), 2<<20))
	for name, test := range map[string]struct {
		response transport.Response
		size     int  // that is told; 0 if nothing is sent
		isWhole  bool // whether it is kept
	}{
		"a small body":                               {transport.Response{Data: small}, 100 + around, true},
		"a large body without a bound":               {transport.Response{Data: large}, 2<<20 + around, true},
		"a body of the size that may be whole":       {transport.Response{Data: small, WholeSize: 200}, 100 + around, true},
		"a body that may not be whole":               {transport.Response{Data: large, WholeSize: 1 << 20}, 2<<20 + around, false},
		"one of a size that is not known":            {transport.Response{Data: loose{large}, WholeSize: 1 << 20}, -1, false},
		"one that is just small enough":              {transport.Response{Data: large, WholeSize: 1 << 20, MaxSize: 2<<20 + around}, 2<<20 + around, false},
		"one that is too large":                      {transport.Response{Data: large, WholeSize: 1 << 20, MaxSize: 2<<20 + around - 1}, 0, false},
		"one whose bound is too large":               {transport.Response{Data: loose{large}, WholeSize: 1 << 20, MaxSize: 2<<20 + around}, 2<<20 + around, false},
		"one whose bound is too large, as is itself": {transport.Response{Data: loose{large}, WholeSize: 1 << 20, MaxSize: 2<<20 + around - 1}, 0, false},
		"one whose bound is small enough":            {transport.Response{Data: loose{large}, WholeSize: 1 << 20, MaxSize: 5 << 20}, -1, false},
	} {
		t.Run(name, func(t *testing.T) {
			want := append(test.response.Data.AppendJSON([]byte(`{"data":`), 1<<30, nil), '}')
			encoded, last, kept := 0, 0, false
			var sent []byte
			test.response.Encoded = func(size int) { encoded = size }
			tooLarge := test.response.Encode(func(body []byte) { kept = bytes.Equal(body, want) }, func(piece []byte, size int, isLast bool) error {
				if last > 0 || size != test.size || !test.isWhole && len(piece) > 512<<10 {
					t.Errorf("a piece of %d bytes, of %d, after the last one: %t", len(piece), size, last > 0)
				}
				if sent = append(sent, piece...); isLast {
					last++
				}
				return nil
			})
			if tooLarge != (test.size == 0) || !tooLarge && (!bytes.Equal(sent, want) || last != 1) || tooLarge && sent != nil {
				t.Errorf("%d bytes were sent, the last piece %d times, too large: %t", len(sent), last, tooLarge)
			}
			if kept != test.isWhole || (encoded == len(want)) != test.isWhole {
				t.Errorf("it is kept: %t, and encoded with %d bytes", kept, encoded)
			}
		})
	}
}
