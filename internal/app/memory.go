package app

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

const (
	// gcPercent is how much the heap may grow between two collections. The
	// garbage of a request is short-lived and what lives on is small, so that
	// Go's 100 would collect every few dozen requests: a third of all CPU time.
	gcPercent = 800
	// usualMemory is what the process takes for its own where no container
	// grants less, in bytes. It is no ceiling: beyond it the collector works more.
	usualMemory = 448 << 20
)

// tuneGC sets the garbage collector, unless the environment does by GOGC and
// GOMEMLIMIT: seldom while there is memory, and within nine tenths of
// usualMemory or of what the container gives.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	_, _ = memlimit.Set(memlimit.WithProvider(func() (uint64, error) {
		limit, err := memlimit.FromCgroup()
		if err != nil { // no limit, or none that can be read
			return usualMemory, nil
		}
		return min(limit, usualMemory), nil
	}))
}
