package texter

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestSizeIsWhatAPageTakes of the heap, give or take a sixth.
func TestSizeIsWhatAPageTakes(t *testing.T) {
	row := func(fields string) []byte { return fmt.Appendf(nil, `{"data":[{"_id":"1",%s}],"total":1}`, fields) }
	for name, body := range map[string][]byte{
		"no rows": []byte(`{"data":[],"total":0}`), "1 row": searchBody(1), "10 rows": searchBody(10), "30 rows": searchBody(30), "33 rows": searchBody(33),
		"100 rows": searchBody(100), "1000 rows": searchBody(1000), "3000 rows": searchBody(3000),
		"100,000 labels":             row(`"labels":[` + strings.Repeat(`"",`, 99_999) + `""]`),
		"escapes":                    row(`"title":"` + strings.Repeat(`\n`, 100_000) + `"`),
		"reply actions":              bytes.ReplaceAll(searchBody(500), []byte(`"externalBot":false`), []byte(`"replyAction":{"replyToTemplateFile":{"url":"x"}}`)),
		"unknown keys":               row(`"x":"` + strings.Repeat("x", 100_000) + `"`),
		"a body with spare capacity": slices.Grow(searchBody(30), 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			pages := make([]*SearchPage, 1+1_000_000/(len(body)+20_000))
			before := heap()
			for i := range pages {
				copied := append(make([]byte, 0, cap(body)), body...)
				page, err := decodeSearchPage(copied)
				if err != nil {
					t.Fatal(err)
				}
				pages[i] = page
			}
			took, size := (heap()-before)/len(pages), pages[0].Size
			if diff := took - size; diff > size/6+500 || -diff > size/6+500 {
				t.Errorf("it takes %d bytes, and its size is %d", took, size)
			}
			runtime.KeepAlive(pages)
		})
	}
}

// heap is how many bytes of memory are in use.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the first one leaves what is in pools
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
