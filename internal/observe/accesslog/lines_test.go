package accesslog_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/accesslog"
)

// writes is an io.Writer that hands over each write.
type writes chan string

func (w writes) Write(b []byte) (int, error) {
	w <- string(b)
	return len(b), nil
}

func TestLines(t *testing.T) {
	t.Run("a line is written although none follows", func(t *testing.T) {
		written := make(writes)
		lines := accesslog.NewLines(written)
		write := accesslog.New(lines, accesslog.Options{})
		for i := range 2 {
			write(t.Context(), &observe.Request{ID: fmt.Sprint("id-", i)})
			if text := <-written; !strings.Contains(text, fmt.Sprint("id-", i)) || strings.Count(text, "\n") != 1 {
				t.Errorf("got %s", text)
			}
		}
		lines.Close()
	})
	t.Run("a warning is written at once, after the pending lines", func(t *testing.T) {
		written := make(writes, 2)
		lines := accesslog.NewLines(written)
		accesslog.New(lines, accesslog.Options{})(t.Context(), &observe.Request{ID: "first"})
		slog.New(slog.NewJSONHandler(lines, nil)).Warn("second")
		if len(written) != 1 {
			t.Fatalf("%d writes", len(written))
		}
		if text := <-written; strings.Index(text, "first") > strings.Index(text, "second") || strings.Count(text, "\n") != 2 {
			t.Errorf("got %s", text)
		}
		lines.Close()
	})
	t.Run("Close writes the pending lines, and later ones are written at once", func(t *testing.T) {
		written := make(writes, 3)
		lines := accesslog.NewLines(written)
		write := accesslog.New(lines, accesslog.Options{})
		write(t.Context(), &observe.Request{ID: "before"})
		lines.Close()
		write(t.Context(), &observe.Request{ID: "after"})
		close(written)
		if text := <-written; !strings.Contains(text, "before") || strings.Count(text, "\n") != 1 {
			t.Errorf("Close writes %s", text)
		}
		if text := <-written; !strings.Contains(text, "after") {
			t.Errorf("then it writes %s", text)
		}
	})
}

// blocked is an io.Writer that nobody reads until it is released.
type blocked struct {
	release chan struct{}
	written strings.Builder
}

func (b *blocked) Write(p []byte) (int, error) {
	<-b.release
	return b.written.Write(p)
}

// TestALogThatNobodyReads: nobody waits for it, and what does not fit is counted.
func TestALogThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &blocked{release: make(chan struct{})}
		lines := accesslog.NewLines(to)
		write, logger := accesslog.New(lines, accesslog.Options{}), slog.New(slog.NewJSONHandler(lines, nil))
		began := time.Now()
		const requests, warnings = 20_000, 100
		for i := range requests {
			write(t.Context(), &observe.Request{ID: fmt.Sprint(i)})
		}
		for range warnings {
			logger.Warn("warning")
		}
		if waited := time.Since(began); waited > time.Second { // of the bubble's clock
			t.Errorf("they waited for %s", waited)
		}
		dropped := lines.Dropped()
		if dropped == 0 || dropped >= requests {
			t.Errorf("%d lines were dropped", dropped)
		}
		close(to.release)
		lines.Close()
		text := to.written.String()
		report := fmt.Sprintf(`"lines":%d}`, dropped)
		if !strings.Contains(text, report) || strings.Count(text, "\n") != requests+warnings-int(dropped)+1 || !strings.HasPrefix(text, "{") {
			t.Errorf("%d lines, without %s", strings.Count(text, "\n"), report)
		}
	})
}

func TestConcurrentLinesAreWrittenOnceAndInOnePiece(t *testing.T) {
	const goroutines, each = 8, 500
	written := make(writes, 2*goroutines*each)
	lines := accesslog.NewLines(written)
	write, logger := accesslog.New(lines, accesslog.Options{}), slog.New(slog.NewJSONHandler(lines, nil))
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				write(t.Context(), &observe.Request{ID: fmt.Sprint(g, "-", i)})
			}
			logger.Error(strings.Repeat("long", 2000), "goroutine", g)
		})
	}
	all.Wait()
	lines.Close()
	close(written)
	seen, count := map[string]bool{}, 0
	for piece := range written {
		if !strings.HasPrefix(piece, "{") || !strings.HasSuffix(piece, "}\n") || len(piece) > 4096 && strings.Count(piece, "\n") > 1 {
			t.Errorf("a write is %s", piece)
		}
		for line := range strings.Lines(piece) {
			seen[line] = true
			count++
		}
	}
	if want := goroutines * (each + 1); len(seen) != want || count != want {
		t.Errorf("%d lines, %d of them different", count, len(seen))
	}
}
