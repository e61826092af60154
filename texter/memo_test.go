package texter

import (
	"bytes"
	"testing"
)

// TestMemo remembers what was made last, within three times the body.
func TestMemo(t *testing.T) {
	page := SearchPage{Body: make([]byte, 10), Size: 100}
	page.Memo.Remember("a", []byte("nowhere"))
	if made := page.Memo.Recall("a"); made != nil {
		t.Errorf("a page that is not kept remembers %q", made)
	}
	page.Keep()
	page.Keep()
	if page.Size != 130 {
		t.Errorf("the size is %d", page.Size)
	}
	buffer := []byte("first")
	page.Memo.Remember("a", buffer)
	copy(buffer, "other")
	page.Memo.Remember("b", make([]byte, 31))
	for key, want := range map[any]string{"a": "first", "b": "", 1: ""} {
		if got := page.Memo.Recall(key); string(got) != want {
			t.Errorf("%v: got %q, want %q", key, got, want)
		}
	}
	page.Memo.Remember("b", bytes.Repeat([]byte("x"), 30))
	if got := page.Memo.Recall("b"); len(got) != 30 || page.Memo.Recall("a") != nil {
		t.Errorf("got %q, and of the first %q", got, page.Memo.Recall("a"))
	}
}
