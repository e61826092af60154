package load

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestEndurance sends LOAD_REQUESTS requests, or 20,000: memory and goroutines
// must not grow from the second tenth on.
func TestEndurance(t *testing.T) {
	requests := 20_000
	if text := os.Getenv("LOAD_REQUESTS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		requests = n
	}
	p := start(t, newUpstream(t, 0))
	client := newClient(t)
	var sent atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := sent.Add(1); n <= int64(requests); n = sent.Add(1) {
				caller := fmt.Sprint("caller", n%997) // not all at once the same
				if a, err := p.post(client, caller, search); err != nil || !a.ok() {
					t.Errorf("worker %d: %d, %.200s, %v", i, a.status, a.body, err)
					return
				}
			}
		})
	}
	const samples = 50
	var x, memory, goroutines []float64
	for i := range samples {
		for sent.Load() < int64(requests*(i+1)/samples) && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		if i < samples/10 {
			continue // it warms up
		}
		now, _ := p.memory(t)
		x = append(x, float64(sent.Load()))
		memory = append(memory, float64(now))
		goroutines = append(goroutines, float64(p.goroutines(t)))
	}
	wg.Wait()
	t.Logf("memory: %.0f MB, then %.0f; %+.2f MB in 100,000 requests", memory[0], memory[len(memory)-1], 1e5*slope(x, memory))
	t.Logf("goroutines: %.0f, then %.0f; %+.2f in 100,000 requests", goroutines[0], goroutines[len(goroutines)-1], 1e5*slope(x, goroutines))
	if grown := slope(x, goroutines) * float64(requests); grown > 10 {
		t.Errorf("%.0f goroutines more", grown)
	}
	if grown := slope(x, memory) * float64(requests); grown > 50 {
		t.Errorf("%.0f MB more", grown)
	}
}

// slope is that of the line through the points by least squares.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
