// Package app wires the service together and runs it, and the commands beside
// it. Its files call each other in one direction:
//
//	app → run, commands, healthcheck
//	run → announce, admin → server
//	run, commands → wire → callers, observation → build
//	app, wire → memory
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"texter-graphql/internal/config"
	"texter-graphql/internal/observe/accesslog"
)

// Main runs the command that args begin with, or the service if they begin with
// none, until ctx ends. It returns the exit code of the process, and writes to
// stderr why the command failed: as a line of the log if it is the service, unless
// stderr is a terminal. The variables of the environment are NAME=value.
func Main(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	tuneGC()
	var err error
	if readsSettings(args) {
		err = config.CheckNames(environ)
	}
	if err == nil {
		err = execute(ctx, args, os.Getenv, stdout, stderr)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		last := accesslog.NewLines(stderr) // does not wait long for a stderr that nobody reads
		if isService(args) && !isTerminal(stderr) {
			slog.New(slog.NewJSONHandler(last, nil)).Error("stopped", "reason", err.Error())
		} else {
			fmt.Fprintln(last, "texter-graphql:", err)
		}
		last.Close()
		return 1
	}
	return 0
}

// readsSettings reports whether the command is one that needs the settings of the
// service: a misspelled one must not be in vain.
func readsSettings(args []string) bool {
	help := slices.ContainsFunc(args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" })
	return !help && (len(args) == 0 || !slices.Contains([]string{"-version", "--version", "access-key", "healthcheck"}, args[0]))
}

// isService reports whether args begin with no command.
func isService(args []string) bool { return len(args) == 0 || strings.HasPrefix(args[0], "-") }

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
		case "check":
			return checkUpstream(ctx, args[1:], getenv, stdout)
		case "healthcheck":
			return checkHealth(ctx, args[1:], getenv, stderr)
		}
	}
	return run(ctx, args, getenv, stderr)
}
