package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
	"texter-graphql/internal/health"
	"texter-graphql/internal/rule"
)

// version and revision are set by the linker: see make build. Without that,
// they are what Go knows of the source tree.
var version, revision string

// execute runs the command that args begin with: the service, if none.
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

// printVersion writes one line: version, revision and Go version.
func printVersion(stdout io.Writer) error {
	b := readBuild()
	_, err := fmt.Fprintf(stdout, "texter-graphql %s (%s, %s)\n", b.version, b.revision, b.goVersion)
	return err
}

// checkConfig reads the settings as the service would, with the files that they
// name, and writes what is in effect. It errors as the service would.
func checkConfig(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "check" {
		return rule.New("the command", "must be config check, followed by flags")
	}
	cfg, err := config.Check(args[1:], getenv, stdout)
	if err != nil {
		return err
	}
	if cfg.Sandbox() {
		cfg.TexterURL = "http://localhost" // it is made up only to serve
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	observed, err := newObservation(ctx, cfg, io.Discard)
	if err != nil {
		return err
	}
	defer observed.close(ctx)
	_, err = newHandler(ctx, cfg, observed, &health.Health{})
	return err
}

// makeAccessKey shows a new access key to people, and writes its line for the
// file to stdout.
func makeAccessKey(args []string, stdout, stderr io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("access-key takes a name, and a scope if it is not for the whole project: texter-graphql access-key NAME [SCOPE] >> FILE")
	}
	key, line, err := auth.NewAccessKey(args[0], strings.Join(args[1:], ""))
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%s\nThis is the access key. It is shown only now; its line for the file of access keys:\n", key)
	_, err = fmt.Fprintln(stdout, line)
	return err
}

// build is what this program was built from.
type build struct{ version, revision, goVersion string }

func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: "unknown Go version"}
	}
	b := build{cmp.Or(version, info.Main.Version, "(devel)"), cmp.Or(revision, "unknown revision"), info.GoVersion}
	for _, s := range info.Settings { // none of these if the linker was told
		switch {
		case s.Key == "vcs.revision":
			b.revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			b.revision += " with changes"
		}
	}
	return b
}
