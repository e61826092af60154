package accesslog_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/accesslog"
)

// writes are the writes that are made.
type writes chan string

func (w writes) Write(b []byte) (int, error) {
	w <- string(b)
	return len(b), nil
}

// TestNoLineWaitsForOthers: the only one is written in time.
func TestNoLineWaitsForOthers(t *testing.T) {
	made := make(writes)
	tell := accesslog.New(accesslog.NewLines(made), nil)
	for i := range 2 {
		tell(t.Context(), &observe.Request{ID: fmt.Sprint("id-", i)})
		if text := <-made; !strings.Contains(text, fmt.Sprint("id-", i)) || strings.Count(text, "\n") != 1 {
			t.Errorf("got %s", text)
		}
	}
}

// TestWarningsAreWrittenAtOnce, after the lines that wait.
func TestWarningsAreWrittenAtOnce(t *testing.T) {
	made := make(writes, 2)
	lines := accesslog.NewLines(made)
	accesslog.New(lines, nil)(t.Context(), &observe.Request{ID: "first"})
	slog.New(slog.NewJSONHandler(lines, nil)).Warn("second")
	if len(made) != 1 {
		t.Fatalf("%d writes", len(made))
	}
	if text := <-made; strings.Index(text, "first") > strings.Index(text, "second") || strings.Count(text, "\n") != 2 {
		t.Errorf("got %s", text)
	}
}

// TestLinesAreWrittenTogether writes from several goroutines: each line is
// whole, is there once, and a write is one that a pipe takes whole.
func TestLinesAreWrittenTogether(t *testing.T) {
	const goroutines, each = 8, 500
	made := make(writes, 2*goroutines*each)
	lines := accesslog.NewLines(made)
	tell, logger := accesslog.New(lines, nil), slog.New(slog.NewJSONHandler(lines, nil))
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				tell(t.Context(), &observe.Request{ID: fmt.Sprint(g, "-", i)})
			}
			logger.Error(strings.Repeat("long", 2000), "goroutine", g)
		})
	}
	all.Wait()
	lines.Flush()
	close(made)
	seen, count := map[string]bool{}, 0
	for written := range made {
		if !strings.HasPrefix(written, "{") || !strings.HasSuffix(written, "}\n") || len(written) > 4096 && strings.Count(written, "\n") > 1 {
			t.Errorf("a write is %s", written)
		}
		for line := range strings.Lines(written) {
			seen[line] = true
			count++
		}
	}
	if want := goroutines * (each + 1); len(seen) != want || count != want {
		t.Errorf("%d lines, %d of them different", count, len(seen))
	}
}
