package graph

import (
	"testing"
	"time"
)

func TestDeadlineOfSearch(t *testing.T) {
	for _, test := range []struct {
		name     string
		timeouts timeouts
		want     bool
	}{
		{"none without a timeout of the operation", timeouts{operation: 0, search: time.Hour}, false},
		{"set if it is not known how long a search takes", timeouts{operation: time.Minute, search: 0}, true},
		{"set if a search can outlast the operation", timeouts{operation: time.Minute, search: time.Hour}, true},
		{"set if a search can take as long as the operation", timeouts{operation: time.Minute, search: time.Minute}, true},
		{"none if a search always ends before the operation", timeouts{operation: time.Hour, search: time.Minute}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := test.timeouts.start()
			ctx, cancel := d.forSearch(t.Context())
			defer cancel()
			at, ok := ctx.Deadline()
			if ok != test.want || ok && !at.Equal(d.at) {
				t.Errorf("the context ends at %v, %v; the operation at %v", at, ok, d.at)
			}
		})
	}
}
