package texter

import (
	"slices"
	"sync"
	"testing"
)

// remember remembers a number by a key, as so many bytes.
func remember(m *Memo, key string, bytes int) {
	m.Remember(key, bytes, func() any { return bytes })
}

func TestAMemoRemembersWhatWasUsedLast(t *testing.T) {
	page := SearchPage{body: make([]byte, 1000), Size: 100}
	remember(page.Memo, "a", 1)
	if made := page.Memo.Recall("a"); made != nil {
		t.Errorf("a page that is not kept remembers %v", made)
	}
	page.Keep()
	page.Keep()
	const bound = 3*1000 + 1024
	if page.Size != 100+bound {
		t.Errorf("the size is %d", page.Size)
	}
	for _, step := range []struct {
		key   string
		bytes int
		want  string // the keys that are remembered afterwards
	}{
		{"a", 1, "a"}, {"b", bound + 1, "a"}, {"b", bound - 1, "ab"}, {"c", 1, "bc"}, {"b", 5, "bc"}, {"d", bound - 2, "d"},
		{"e", 1, "de"}, {"f", 1, "def"}, {"e", 1, "def"}, {"g", bound, "g"}, {"g", bound, "g"},
		{"a", 1, "a"}, {"b", 1, "ab"}, {"c", 1, "abc"}, {"d", 1, "abcd"}, {"a", 1, "abcd"}, {"e", 1, "acde"}, {"f", 1, "adef"},
	} {
		remember(page.Memo, step.key, step.bytes)
		got := ""
		for _, r := range page.Memo.made {
			got += r.key.(string)
		}
		if got = inOrder(got); got != step.want {
			t.Errorf("%s of %d bytes: %q, want %q", step.key, step.bytes, got, step.want)
		}
	}
	if page.Memo.Recall("d") != 1 || page.Memo.Recall(1) != nil || page.Memo.bytes != 4 {
		t.Errorf("got %v, in %d bytes", page.Memo.Recall("d"), page.Memo.bytes)
	}
}

func inOrder(keys string) string {
	return string(slices.Sorted(slices.Values([]rune(keys))))
}

// TestAMemoIsSafeForConcurrentUse: nobody gets what was made for another key, and
// one thing is made for each key.
func TestAMemoIsSafeForConcurrentUse(t *testing.T) {
	page := SearchPage{body: make([]byte, 1000)}
	page.Keep()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				key := string(rune('a' + (i+n)%6))
				page.Memo.Remember(key, 300, func() any { return key })
				if got := page.Memo.Recall(key); got != nil && got != key {
					t.Errorf("%v for %s", got, key)
				}
			}
		})
	}
	all.Wait()
	if n := len(page.Memo.made); n != MemoLength || page.Memo.bytes != n*300 {
		t.Errorf("%d are remembered, in %d bytes", n, page.Memo.bytes)
	}
}
