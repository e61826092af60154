// Package app wires the service together and runs it, and the commands beside
// it. Its files call each other in one direction:
//
//	app → run, commands, healthcheck
//	run → server
//	run, commands → wire → callers, observation → build
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Main runs the command that args begin with, or the service if they begin with
// none, until ctx ends. It returns the exit code of the process, and writes to
// stderr why the command failed.
func Main(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	tuneGC()
	err := execute(ctx, args, getenv, stdout, stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "texter-graphql:", err)
		return 1
	}
	return 0
}

// execute runs the command that args begin with, or the service.
func execute(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "-version", "--version":
			return printVersion(stdout)
		case "config":
			return checkConfig(ctx, args[1:], getenv, stdout)
		case "access-key":
			return makeAccessKey(args[1:], stdout, stderr)
		case "healthcheck":
			return checkHealth(ctx, args[1:], getenv, stderr)
		}
	}
	return run(ctx, args, getenv, stderr)
}

const (
	// gcPercent is how much the heap may grow between two collections. The
	// garbage of a request lives for a short time, and little else is on the
	// heap. Go's default of 100 would collect every few dozen requests, which
	// takes a third of all CPU time.
	gcPercent = 800
	// maxHeapTarget is the memory that the garbage collector aims to stay within,
	// in bytes, even where a container has more. It is no limit: beyond it, the
	// collector runs more often.
	maxHeapTarget = 448 << 20
)

// tuneGC makes the garbage collector run less often, within nine tenths of
// maxHeapTarget or of the container's memory. The environment variables GOGC and
// GOMEMLIMIT win over both.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	_, _ = memlimit.Set(memlimit.WithProvider(func() (uint64, error) {
		limit, err := memlimit.FromCgroup()
		if err != nil { // there is no limit, or it can't be read
			return maxHeapTarget, nil
		}
		return min(limit, maxHeapTarget), nil
	}))
}
