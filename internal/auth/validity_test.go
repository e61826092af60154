package auth

import (
	"context"
	"testing"
)

// counted are credentials that count how often they are asked.
type counted struct{ asked, changes int }

func (c *counted) Authenticate(ctx context.Context, _ string) (context.Context, error) {
	c.asked++
	return withCaller(ctx, &identity{}), nil
}

func (c *counted) version() uint64 { return uint64(c.changes) }

// TestValidityAsksOnceAfterEachChange: it is asked for twice a second on each
// connection.
func TestValidityAsksOnceAfterEachChange(t *testing.T) {
	c := &counted{}
	valid := Validity(withCaller(t.Context(), &identity{kind: c}))
	for range 3 {
		for range 100 {
			if !valid() {
				t.Fatal("the caller is not let in")
			}
		}
		c.changes++
	}
	if c.asked != 2 {
		t.Errorf("they are asked %d times for 2 changes", c.asked)
	}
}
