package texter_test

import (
	"fmt"
	"net/http"
	"testing"

	"texter-graphql/texter"
)

// newReusing is a client that uses memory again, of an upstream whose rows have
// what is searched for as their title.
func newReusing(t *testing.T) *texter.Client {
	t.Helper()
	return newClient(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"data":[{"_id":"1","title":%q},{"_id":"2","title":"\u0061"}],"total":2}`, r.FormValue("search"))
	}, func(o *texter.Options) { o.Reuse = true })
}

// searchFor returns a page, which must be of what is searched for.
func searchFor(t *testing.T, client *texter.Client, text string) *texter.SearchPage {
	t.Helper()
	page, err := client.SearchChats(t.Context(), texter.SearchOptions{ChatFilter: texter.ChatFilter{Search: &text}})
	if err != nil {
		t.Fatal(err)
	}
	assertTitle(t, page, text)
	return page
}

func assertTitle(t *testing.T, page *texter.SearchPage, want string) {
	t.Helper()
	if len(page.Chats) != 2 || page.Chats[0].Title().String() != want || page.Chats[1].Title().String() != "a" || page.Chats[1].ID != "2" {
		t.Fatalf("got %s, want %s", page.Body, want)
	}
}

// TestReuse releases pages, whose memory others take; those that are held keep
// theirs.
func TestReuse(t *testing.T) {
	client := newReusing(t)
	released, reused := map[*byte]bool{}, 0
	held := map[string]*texter.SearchPage{}
	for i := range 200 {
		text := fmt.Sprintf("search %d", i)
		page := searchFor(t, client, text)
		memory := &page.Body[0]
		if released[memory] {
			reused++
		}
		if released[memory] = i%10 > 0; released[memory] {
			page.Release()
		} else {
			held[text] = page
		}
	}
	if reused < 20 {
		t.Errorf("%d of 200 pages took the memory of another", reused)
	}
	for text, page := range held {
		assertTitle(t, page, text)
	}
}

// TestSharedPage is used again when the last of its holders has released it.
func TestSharedPage(t *testing.T) {
	client := newReusing(t)
	shared := searchFor(t, client, "shared")
	shared.Share(3)
	memory := &shared.Body[0]
	for range 2 {
		shared.Release()
		for i := range 20 {
			page := searchFor(t, client, fmt.Sprint("other ", i))
			if &page.Body[0] == memory {
				t.Fatal("the memory of a page that is held is used")
			}
			page.Release()
		}
		assertTitle(t, shared, "shared")
	}
	shared.Release()
	shared.Release() // once too often, which must not give it to two
}

// TestKeptPage is never used again, whoever releases it.
func TestKeptPage(t *testing.T) {
	client := newReusing(t)
	kept := searchFor(t, client, "kept")
	kept.Keep()
	kept.Share(1)
	kept.Release()
	for i := range 20 {
		searchFor(t, client, fmt.Sprint("other ", i)).Release()
	}
	assertTitle(t, kept, "kept")
}

// TestNoReuse: unless it is asked for, a released page stays what it is.
func TestNoReuse(t *testing.T) {
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":[{"_id":"1","title":"kept"},{"_id":"2","title":"a"}],"total":2}`)
	})
	page := searchFor(t, client, "kept")
	page.Share(1)
	page.Release()
	searchFor(t, client, "kept")
	assertTitle(t, page, "kept")
}
