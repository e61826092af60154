package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/config"
	"texter-graphql/internal/health"
	"texter-graphql/internal/observe"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// BenchmarkObservation measures what it costs to observe a request with one call
// to Texter. CPU-ns/op is the CPU time of the process, other goroutines included.
func BenchmarkObservation(b *testing.B) {
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	b.Cleanup(collector.Close)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	for name, cfg := range map[string]config.Config{
		"off":          {LogLevel: slog.LevelWarn},
		"log":          {},
		"metrics":      {LogLevel: slog.LevelWarn, MetricsAddr: ":0"},
		"traces, 10 %": {LogLevel: slog.LevelWarn, TracesURL: collector.URL, TracesRatio: 0.1},
		"traces, all":  {LogLevel: slog.LevelWarn, TracesURL: collector.URL, TracesRatio: 1},
		"all":          {MetricsAddr: ":0", TracesURL: collector.URL, TracesRatio: 0.1},
	} {
		b.Run(name, func(b *testing.B) {
			observed, err := newObservation(b.Context(), cfg, null)
			if err != nil {
				b.Fatal(err)
			}
			var options upstream.Options
			observed.upstream(&options, &health.Health{}, false)
			send := http.RoundTripper(noNetwork{})
			if options.Around != nil {
				send = options.Around(send)
			}
			h := observed.requests(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = send.RoundTrip(r)
				options.Observe(r.Context(), upstream.Attempt{Number: 1, Outcome: upstream.Answered, Status: 200, Duration: time.Millisecond})
				observe.AddSearch(r.Context(), cache.Miss)
				observe.SetOutcome(r.Context(), graph.Outcome{Operation: "Inbox", Type: "query", RootFields: []string{"searchChats"}, Rows: 30})
				w.WriteHeader(http.StatusOK)
			}))
			r, w := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", http.NoBody), httptest.NewRecorder()
			b.ReportAllocs()
			began := cpuTime()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
			b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "CPU-ns/op")
			observed.close(b.Context())
		})
	}
}

// noNetwork answers every call.
type noNetwork struct{}

func (noNetwork) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// cpuTime returns the CPU time that this process has taken.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
