package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// lab is where servers are built and measured.
type lab struct {
	options
	root string // of the repository
	dir  string // of the binaries
}

// newLab builds the servers.
func newLab(ctx context.Context, o options) (*lab, error) {
	module, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return nil, err
	}
	l := &lab{options: o, root: filepath.Dir(strings.TrimSpace(string(module)))}
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
	for name, pkg := range map[string]string{"facade": ".", "proxy": "./test/bench/proxy", "plain": "./test/bench/plain", "upstream": "./test/bench/upstream"} {
		args := []string{"build", "-o", l.binary(name)}
		if name == "facade" && l.profiles != "" {
			overlay, err := l.overlay()
			if err != nil {
				return err
			}
			args = append(args, "-overlay", overlay)
		}
		build := exec.CommandContext(ctx, "go", append(args, pkg)...)
		build.Dir = l.root
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %s", pkg, out)
		}
	}
	return nil
}

// prepareMercurius installs Mercurius, or leaves it out where that fails.
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

// overlay adds a file to the service's package main that is on no disk: it
// imports package profile.
func (l *lab) overlay() (string, error) {
	source := filepath.Join(l.dir, "profile.go")
	if err := os.WriteFile(source, []byte("package main\n\nimport _ \"texter-graphql/test/bench/profile\"\n"), 0o600); err != nil {
		return "", err
	}
	overlay := filepath.Join(l.dir, "overlay.json")
	text := fmt.Sprintf(`{"Replace": {%q: %q}}`, filepath.Join(l.root, "bench_profile.go"), source)
	return overlay, os.WriteFile(overlay, []byte(text), 0o600)
}

// start starts a server on an upstream.
func (l *lab) start(ctx context.Context, name string, c scenario, upstream string) (*process, error) {
	baseURL := "http://" + upstream + "/server/api/v2"
	switch name {
	case "proxy":
		return start(ctx, nil, l.binary("proxy"), "-upstream", "http://"+upstream)
	case "plain":
		return start(ctx, nil, l.binary("plain"), "-texter-url", baseURL)
	case "mercurius":
		return start(ctx, []string{"NODE_ENV=production"}, "node", filepath.Join(l.root, "test/bench/mercurius/server.js"), baseURL)
	}
	command := append([]string{l.binary("facade")}, l.facade...)
	switch name {
	case "unobserved":
		command = append(command, "-log-level", "warn")
	case "observed":
		// start takes the first address of 127.0.0.1 that is printed for the service's.
		command = append(command, "-metrics-addr", "127.0.0.2:0", "-otel-exporter-otlp-endpoint", "http://"+upstream)
	case "variant":
		command = l.variant
	}
	command = append(slices.Clip(command), "-addr", "127.0.0.1:0", "-texter-url", baseURL, "-graphiql", "false")
	if c.mode == cached {
		command = append(command, "-cache-ttl", "10m")
	}
	return start(ctx, l.environment(c), command...)
}

// environment is what the service takes from the environment of this program,
// and where to put profiles.
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
