package app

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// pieces is a connection that records what a server does with it.
type pieces struct {
	http.ResponseWriter
	events []string
	left   int // how many bytes it still takes
}

func (p *pieces) Write(b []byte) (int, error) {
	n := min(len(b), p.left)
	p.events = append(p.events, fmt.Sprint("write ", n))
	if p.left -= n; n < len(b) {
		return n, errors.New("cut off")
	}
	return n, nil
}

func (p *pieces) SetWriteDeadline(at time.Time) error {
	if until := time.Until(at); until <= 59*time.Second || until > time.Minute {
		return fmt.Errorf("the deadline is in %v", until)
	}
	p.events = append(p.events, "deadline")
	return nil
}

func TestPacedWriter(t *testing.T) {
	for name, test := range map[string]struct {
		writes []int
		left   int
		want   string
	}{
		"a small response has a deadline":                     {[]int{1000}, 1 << 20, "deadline, write 1000"},
		"a piece of full size needs no other deadline":        {[]int{pieceSize}, 1 << 20, "deadline, write 65536"},
		"each further piece has its own deadline":             {[]int{3*pieceSize + 1}, 1 << 20, "deadline, write 65536, deadline, write 65536, deadline, write 65536, deadline, write 1"},
		"small writes share a deadline":                       {[]int{30_000, 30_000, 30_000, 30_000}, 1 << 20, "deadline, write 30000, write 30000, write 5536, deadline, write 24464, write 30000"},
		"nothing more is written to a client that is cut off": {[]int{3 * pieceSize}, 100_000, "deadline, write 65536, deadline, write 34464"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &pieces{ResponseWriter: httptest.NewRecorder(), left: test.left}
			paced(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for _, size := range test.writes {
					if n, err := w.Write(make([]byte, size)); (err == nil) != (n == size) {
						t.Errorf("wrote %d of %d: %v", n, size, err)
					}
				}
			}), time.Minute).ServeHTTP(p, httptest.NewRequest(http.MethodGet, "/", nil))
			if got := strings.Join(p.events, ", "); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}
