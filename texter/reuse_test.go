package texter

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// readBodyOf reads a page of this body, as a client with Options.Reuse reads small
// pages.
func readBodyOf(t *testing.T, body string) *SearchPage {
	t.Helper()
	return readBodyInto(t, &smallBuffers, body)
}

func readBodyInto(t *testing.T, pool *sync.Pool, body string) *SearchPage {
	t.Helper()
	page, err := readPage(pool, func(b *buffer) (*SearchPage, error) {
		b.body = append(b.body[:0], body...)
		return SearchOptions{}.decode(b.body, b)
	})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// titled is a body of two chats, of which the first has this title.
func titled(title string) string {
	return fmt.Sprintf(`{"data":[{"_id":"1","title":%q},{"_id":"2","title":"\u0061"}],"total":2}`, title)
}

func assertTitle(t *testing.T, page *SearchPage, want string) {
	t.Helper()
	if len(page.chats) != 2 || page.chats[0].Title().String() != want || page.chats[1].Title().String() != "a" || page.chats[1].ID != "2" {
		t.Fatalf("got %s, want %s", page.body, want)
	}
}

// readOthers reads so many pages that one takes the buffer of a page that was
// released, and releases them.
func readOthers(t *testing.T, body string) {
	t.Helper()
	pages := make([]*SearchPage, 20)
	for i := range pages {
		pages[i] = readBodyOf(t, body)
	}
	for _, page := range pages {
		page.Release()
	}
}

func TestReleasedPagesAreUsedAgain(t *testing.T) {
	released, reused := map[*buffer]bool{}, 0
	held := map[string]*SearchPage{}
	for i := range 200 {
		title := fmt.Sprintf("page %d", i)
		page := readBodyOf(t, titled(title))
		assertTitle(t, page, title)
		b := page.buffer
		if released[b] {
			reused++
		}
		if released[b] = i%10 > 0; released[b] {
			page.Release()
		} else {
			held[title] = page
		}
	}
	if reused < 20 {
		t.Errorf("%d of 200 pages took the buffer of another", reused)
	}
	for title, page := range held {
		assertTitle(t, page, title)
	}
}

func TestASharedPageIsUsedAgainAfterTheLastRelease(t *testing.T) {
	shared := readBodyOf(t, titled("shared"))
	shared.Share(3)
	for range 2 {
		shared.Release()
		readOthers(t, titled("other"))
		assertTitle(t, shared, "shared")
	}
	b := shared.buffer
	shared.Release()
	shared.Release() // once too often, which must not give the buffer to two pages
	one, two := readBodyOf(t, titled("one")), readBodyOf(t, titled("two"))
	if one.buffer == b && two.buffer == b {
		t.Error("two pages have the same buffer")
	}
}

// TestPinnedPagesAreNotUsedAgain: whoever of the holders pinned it.
func TestPinnedPagesAreNotUsedAgain(t *testing.T) {
	for name, pin := range map[string]func(*SearchPage){
		"Chats":            func(p *SearchPage) { p.Chats() },
		"Body":             func(p *SearchPage) { p.Body() },
		"Pin":              func(p *SearchPage) { p.Pin() },
		"Pin of one chat":  func(p *SearchPage) { p.ChatViews()[1].Pin() },
		"Keep":             func(p *SearchPage) { p.Keep() },
		"the first holder": func(p *SearchPage) { p.Share(2); p.Pin(); p.Release() },
		"the last holder":  func(p *SearchPage) { p.Share(2); p.Release(); p.Pin() },
	} {
		t.Run(name, func(t *testing.T) {
			page := readBodyOf(t, titled("pinned"))
			pin(page)
			page.Release()
			readOthers(t, titled("other"))
			assertTitle(t, page, "pinned")
		})
	}
}

// TestOneHolderPinsWhileOthersRelease is for the race detector, too.
func TestOneHolderPinsWhileOthersRelease(t *testing.T) {
	for range 100 {
		page := readBodyOf(t, titled("pinned"))
		page.Share(3)
		var holders sync.WaitGroup
		for range 2 {
			holders.Go(page.Release)
		}
		holders.Go(func() {
			page.Chats()
			page.Release()
		})
		holders.Wait()
		readBodyOf(t, titled("other")).Release()
		assertTitle(t, page, "pinned")
	}
}

// TestPagesOfAClientWithoutReuse stay what they are.
func TestPagesOfAClientWithoutReuse(t *testing.T) {
	page, err := readPage(nil, func(b *buffer) (*SearchPage, error) {
		b.body = []byte(titled("kept"))
		return SearchOptions{}.decode(b.body, b)
	})
	if err != nil {
		t.Fatal(err)
	}
	page.Share(1)
	page.Release()
	readOthers(t, titled("other"))
	assertTitle(t, page, "kept")
}

// TestAFailedReadGivesItsBufferBack: who takes a buffer gives it back in the
// same function, unless a page has it.
func TestAFailedReadGivesItsBufferBack(t *testing.T) {
	failed := map[*buffer]bool{}
	for range 20 {
		_, err := readPage(&smallBuffers, func(b *buffer) (*SearchPage, error) {
			failed[b] = true
			return b.decode([]byte("{"))
		})
		if err == nil {
			t.Fatal("a broken body is a page")
		}
	}
	if len(failed) == 20 {
		t.Error("no buffer was used twice")
	}
}

// TestSmallPagesHaveNoLargeBuffers: they would hold memory that nobody has counted.
func TestSmallPagesHaveNoLargeBuffers(t *testing.T) {
	if poolFor(smallRows) == poolFor(smallRows+1) {
		t.Error("a large page shares its buffers with small ones")
	}
	page := readBodyOf(t, titled(strings.Repeat("x", maxSmall)))
	large := page.buffer
	page.Release()
	for range 20 {
		small := readBodyOf(t, titled("small"))
		if small.buffer == large {
			t.Fatal("a small page has the buffer of a large one")
		}
		small.Release()
	}
}

func TestLargePagesUseTheirBuffersAgain(t *testing.T) {
	used := map[*buffer]bool{}
	for range 20 {
		page := readBodyInto(t, &largeBuffers, titled(strings.Repeat("x", maxSmall)))
		used[page.buffer] = true
		page.Release()
	}
	if len(used) == 20 {
		t.Error("no buffer was used twice")
	}
}
