package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"
	"time"

	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
	"texter-graphql/internal/upstreamcheck"
	"texter-graphql/texter"
)

// checkPause is how long the check waits before each call. Texter's own tools wait
// as long between calls.
const checkPause = 2 * time.Second

// errUpstreamBreaks is the error of a check that found something.
var errUpstreamBreaks = errors.New("check upstream: something would break")

// checkUpstream asks the real API what this service relies on, and writes a table
// to stdout. It errors if something would break.
func checkUpstream(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "upstream" {
		return rule.New("the command", "must be check upstream, followed by flags")
	}
	cfg, err := config.Parse(args[1:], getenv, stdout)
	if err != nil {
		return err
	}
	if cfg.Sandbox() || cfg.TexterToken == "" {
		return rule.New("check upstream", "needs texter-project or texter-url, and TEXTER_API_TOKEN")
	}
	o := upstreamcheck.Options{BaseURL: cfg.TexterURL, Token: cfg.TexterToken, Pause: checkPause}
	if base, err := url.Parse(cfg.TexterURL); err == nil && texter.IsLoopback(base.Hostname()) {
		o.Pause = 0
	}
	findings, err := upstreamcheck.Run(ctx, o)
	if err := errors.Join(writeFindings(stdout, findings), err); err != nil {
		return err
	}
	for _, f := range findings {
		if f.Verdict == upstreamcheck.Breaks {
			return errUpstreamBreaks
		}
	}
	return nil
}

func writeFindings(stdout io.Writer, findings []upstreamcheck.Finding) error {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.Verdict, f.Name, f.Seen, f.Meaning)
	}
	return table.Flush()
}
