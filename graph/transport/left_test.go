package transport

import "testing"

// TestNothingIsLeftOfACaller who has nothing open any more.
func TestNothingIsLeftOfACaller(t *testing.T) {
	c := NewConnections(Callers{}, Observer{}, Limits{})
	for _, add := range []func(string) error{c.AddSubscription, c.AddWebSocket} {
		if err := add("caller"); err != nil {
			t.Fatal(err)
		}
	}
	c.RemoveSubscription("caller")
	if len(c.callers) != 1 {
		t.Error("one who has a connection is forgotten")
	}
	if c.RemoveWebSocket("caller"); len(c.callers) > 0 {
		t.Errorf("left is %v", c.callers)
	}
}
