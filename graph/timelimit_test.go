package graph

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestTimeLimit: a search has a deadline unless it is over before that by itself.
func TestTimeLimit(t *testing.T) {
	for _, test := range []struct {
		limits  timeLimits
		bounded bool
	}{
		{timeLimits{operation: 0, search: time.Hour}, false},
		{timeLimits{operation: time.Minute, search: 0}, true},
		{timeLimits{operation: time.Minute, search: time.Hour}, true},
		{timeLimits{operation: time.Minute, search: time.Minute}, true},
		{timeLimits{operation: time.Hour, search: time.Minute}, false},
	} {
		limit := test.limits.begin()
		ctx, cancel := limit.forSearch(t.Context())
		defer cancel()
		deadline, bounded := ctx.Deadline()
		if bounded != test.bounded || bounded && !deadline.Equal(limit.at) {
			t.Errorf("%+v: got %v, %v", test.limits, deadline, bounded)
		}
	}
}

// TestWaitForRoomIsLimited: who gets no room in time is done.
func TestWaitForRoomIsLimited(t *testing.T) {
	r := newRoom(nil)
	if err := r.acquire(t.Context(), maxRows, timeLimit{}); err != nil {
		t.Fatal(err)
	}
	limit := timeLimits{operation: time.Millisecond}.begin()
	if err := r.acquire(t.Context(), 1, limit); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
