package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"

	"texter-graphql/config"
	"texter-graphql/health"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3". Without
// that, it is what Go knows of the source tree.
var version string

// execute runs the command that args begin with: the service, if none.
func execute(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case "-version", "--version":
			return printVersion(stdout)
		case "config":
			return checkConfig(args[1:], getenv, stdout)
		}
	}
	return run(ctx, args, getenv, stderr)
}

// printVersion writes one line: version, revision and Go version.
func printVersion(stdout io.Writer) error {
	b := readBuild()
	_, err := fmt.Fprintf(stdout, "texter-graphql %s (%s, %s)\n", b.version, b.revision, b.goVersion)
	return err
}

// checkConfig reads the settings as the service would, with the files that they
// name, and writes what is in effect. It errors as the service would.
func checkConfig(args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "check" {
		return &config.Error{Setting: "the command", Rule: "must be config check, followed by flags"}
	}
	cfg, err := config.Check(args[1:], getenv, stdout)
	if err != nil {
		return err
	}
	if cfg.Sandbox() {
		cfg.TexterURL = "http://localhost" // it is made up only to serve
	}
	_, err = newHandler(cfg, slog.New(slog.DiscardHandler), &health.Health{})
	return err
}

// build is what this program was built from.
type build struct{ version, revision, goVersion string }

func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: "unknown Go version"}
	}
	b := build{cmp.Or(version, info.Main.Version, "(devel)"), "unknown revision", info.GoVersion}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			b.revision += " with changes"
		}
	}
	return b
}
