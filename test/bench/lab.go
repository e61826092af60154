package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"texter-graphql/test/harness"
)

// lab builds servers and measures them.
type lab struct {
	options
	root string // of the repository
	dir  string // of the binaries
}

// newLab builds the servers.
func newLab(ctx context.Context, o options) (*lab, error) {
	root, err := harness.Root(ctx)
	if err != nil {
		return nil, err
	}
	l := &lab{options: o, root: root}
	if l.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return nil, err
	}
	if err := l.build(ctx); err != nil {
		l.close()
		return nil, err
	}
	l.prepareMercurius(ctx)
	return l, nil
}

func (l *lab) close() { _ = os.RemoveAll(l.dir) }

func (l *lab) binary(name string) string { return filepath.Join(l.dir, name) }

func (l *lab) build(ctx context.Context) error {
	var flags []string
	if l.profiles != "" {
		overlay, err := l.overlay()
		if err != nil {
			return err
		}
		flags = []string{"-overlay", overlay}
	}
	if err := harness.Build(ctx, l.binary("facade"), "texter-graphql", flags...); err != nil {
		return err
	}
	for _, name := range []string{"proxy", "plain", "upstream"} {
		if err := harness.Build(ctx, l.binary(name), "texter-graphql/test/bench/"+name); err != nil {
			return err
		}
	}
	return nil
}

// prepareMercurius installs Mercurius. It leaves it out where that fails.
func (l *lab) prepareMercurius(ctx context.Context) {
	i := slices.Index(l.only, "mercurius")
	dir := filepath.Join(l.root, "test/bench/mercurius")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); i < 0 || err == nil {
		return
	}
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "skipped: mercurius: npm ci: %v\n%s", err, out)
		l.only = slices.Delete(l.only, i, i+1)
	}
}

// overlay returns the path of an overlay for go build, which adds a file to the
// package main of the service. The file imports package profile.
func (l *lab) overlay() (string, error) {
	source := filepath.Join(l.dir, "profile.go")
	if err := os.WriteFile(source, []byte("package main\n\nimport _ \"texter-graphql/test/bench/profile\"\n"), 0o600); err != nil {
		return "", err
	}
	overlay := filepath.Join(l.dir, "overlay.json")
	text := fmt.Sprintf(`{"Replace": {%q: %q}}`, filepath.Join(l.root, "bench_profile.go"), source)
	return overlay, os.WriteFile(overlay, []byte(text), 0o600)
}

// command returns how to start a server with this upstream.
func (l *lab) command(name string, c scenario, upstream string) harness.Command {
	baseURL := "http://" + upstream + "/server/api/v2"
	path := []string{"PATH=" + os.Getenv("PATH")}
	switch name {
	case "proxy":
		return harness.Command{Path: l.binary("proxy"), Ready: "REST", Args: []string{"-upstream", "http://" + upstream}}
	case "plain":
		return harness.Command{Path: l.binary("plain"), Args: []string{"-texter-url", baseURL}}
	case "mercurius":
		return harness.Command{Path: "node", Env: append(path, "NODE_ENV=production"), Args: []string{filepath.Join(l.root, "test/bench/mercurius/server.js"), baseURL}}
	}
	service := harness.Command{Path: l.binary("facade"), Env: append(path, l.environment(c)...), Args: slices.Clone(l.facade)}
	switch name {
	case "unobserved":
		service.Args = append(service.Args, "-log-level", "warn")
	case "observed":
		service.Args = append(service.Args, "-metrics-addr", "127.0.0.1:0", "-otel-exporter-otlp-endpoint", "http://"+upstream)
	case "variant":
		service.Path, service.Args = l.variant[0], slices.Clone(l.variant[1:])
	}
	service.Args = append(service.Args, "-addr", "127.0.0.1:0", "-texter-url", baseURL, "-graphiql", "false")
	if c.mode == cached {
		service.Args = append(service.Args, "-cache-ttl", "10m")
	}
	return service
}

// environment returns the environment of the service: what it takes from that of
// this program, and where to write profiles.
func (l *lab) environment(c scenario) (env []string) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GODEBUG"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	if l.profiles != "" {
		env = append(env, "BENCH_PROFILES="+filepath.Join(l.profiles, strings.NewReplacer(", ", "-", " ", "-").Replace(c.String())))
	}
	return env
}
