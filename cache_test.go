package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestKeptPages answers a caller again from what was kept, and nobody else.
func TestKeptPages(t *testing.T) {
	for ttl, requests := range map[string]int{"1m": 2, "0": 6} {
		url, headers := startUpstream(t)
		s := start(t, nil, "-texter-url", url, "-cache-ttl", ttl)
		for range 3 {
			for _, caller := range []string{"one", "two"} {
				res, body := s.search(t, "Authorization: Bearer "+caller)
				if !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`) || !strings.HasPrefix(res.Header.Get("Cache-Control"), "private") || !strings.Contains(fmt.Sprint(res.Header["Vary"]), "Authorization") {
					t.Errorf("%s: %v, %s", caller, res.Header, body)
				}
			}
		}
		if len(*headers) != requests {
			t.Errorf("TTL %s: the upstream saw %d requests", ttl, len(*headers))
		}
	}
}
