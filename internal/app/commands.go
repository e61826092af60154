package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
)

// printVersion writes one line: version, revision and Go version.
func printVersion(stdout io.Writer) error {
	b := readBuild()
	_, err := fmt.Fprintf(stdout, "texter-graphql %s (%s, %s)\n", b.version, b.revision, b.goVersion)
	return err
}

// checkConfig reads the settings and the files that they name, as the service
// would, and writes the settings in effect to stdout. It errors where the
// service would not start.
func checkConfig(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "check" {
		return rule.New("the command", "must be config check, followed by flags")
	}
	cfg, err := config.Check(args[1:], getenv, stdout)
	if err != nil {
		return err
	}
	if cfg.Sandbox() {
		cfg.TexterURL = "http://localhost" // in place of the sandbox, which only runs with the service
	}
	observed, err := newObservation(ctx, cfg, io.Discard)
	if err != nil {
		return err
	}
	defer observed.close(ctx)
	s, err := newService(cfg, observed)
	if err != nil {
		return err
	}
	s.close(ctx)
	return nil
}

// makeAccessKey writes a new access key to stderr, for a person to read, and the
// line that lets it in to stdout.
func makeAccessKey(args []string, stdout, stderr io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("access-key takes a name, and a scope if the key is not for the whole project: texter-graphql access-key NAME [SCOPE] >> FILE")
	}
	key, line, err := auth.NewAccessKey(args[0], strings.Join(args[1:], ""))
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%s\nThis is the access key. It is shown only now. Add its line to the file of access keys:\n", key)
	_, err = fmt.Fprintln(stdout, line)
	return err
}
