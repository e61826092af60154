package app

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
)

const (
	// gcPercent is how much the heap may grow between two collections. The
	// garbage of a request lives for a short time, and little else is on the
	// heap. Go's default of 100 would collect every few dozen requests, which
	// takes a third of all CPU time.
	gcPercent = 800
	// defaultMemory stands for the memory of the container where there is none, in
	// bytes.
	defaultMemory = 474 << 20
	// memoryRatio is the part of the container's memory that the garbage collector
	// aims to stay within. It is no limit: beyond it, the collector runs more often.
	// The rest is for what Go does not count, such as the program itself.
	memoryRatio = 0.85
)

// tuneGC makes the garbage collector run less often, within memoryRatio of the
// container's memory. The environment variables GOGC and GOMEMLIMIT win over both.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	_, _ = memlimit.Set(memlimit.WithRatio(memoryRatio), memlimit.WithProvider(func() (uint64, error) {
		limit, err := memlimit.FromCgroup()
		if err != nil { // there is no limit, or it can't be read
			return defaultMemory, nil
		}
		return limit, nil
	}))
}

// operationMemory returns the memory for all operations in progress, in bytes: half
// of what the cache leaves. The other half is for garbage that is not yet collected,
// and for all else. It errors if the cache leaves less than half.
func operationMemory(cfg config.Config) (int, error) {
	limit := int(min(debug.SetMemoryLimit(-1), math.MaxInt/2))
	kept := 0
	if cfg.Cache.TTL > 0 {
		kept = cfg.Cache.Size
	}
	if kept > limit/2 {
		return 0, rule.New("cache-size", fmt.Sprintf("must not be more than half of the memory limit, which is %d MiB: give the container more memory, or set GOMEMLIMIT", limit>>20))
	}
	return (limit - kept) / 2, nil
}
