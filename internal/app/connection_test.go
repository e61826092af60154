package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// deadlines records the deadlines of a response's writes.
type deadlines struct {
	http.ResponseWriter
	set []time.Duration // from the time of the call
}

func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.set = append(d.set, time.Until(at))
	return nil
}

// TestPacedWriter: each write has its own deadline, which is later for more bytes.
func TestPacedWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deadlines{ResponseWriter: httptest.NewRecorder()}
		paced(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for _, size := range []int{0, minRate, 30 * minRate} {
				if n, err := w.Write(make([]byte, size)); n != size || err != nil {
					t.Errorf("wrote %d of %d: %v", n, size, err)
				}
				time.Sleep(time.Hour)
			}
		}), 10*time.Second).ServeHTTP(d, httptest.NewRequest(http.MethodGet, "/", nil))
		if len(d.set) != 3 || d.set[0] != 10*time.Second || d.set[1] != 11*time.Second || d.set[2] != 40*time.Second {
			t.Errorf("the deadlines are in %v", d.set)
		}
	})
}
