// Package harness builds the service, starts it as a process of its own, and
// observes it from outside.
package harness

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// BinaryVariable is the environment variable with the path of a service that is
// built already. Without it, tests build the service themselves.
const BinaryVariable = "TEXTER_GRAPHQL_BINARY"

// Root returns the folder of the module texter-graphql. It errors outside of
// the module and of those that require it.
func Root(ctx context.Context) (string, error) {
	dir, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "texter-graphql").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m texter-graphql: %w", err)
	}
	return strings.TrimSpace(string(dir)), nil
}

// Build builds a command of this module with these flags of go build. The
// package is an import path, which is texter-graphql for the service.
func Build(ctx context.Context, output, pkg string, flags ...string) error {
	root, err := Root(ctx)
	if err != nil {
		return err
	}
	args := append([]string{"build", "-C", root, "-o", output}, flags...)
	if said, err := exec.CommandContext(ctx, "go", append(args, pkg)...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w: %s", pkg, err, said)
	}
	return nil
}

// RunTests runs the tests of a package with one build of the service for all of
// them: os.Exit(harness.RunTests(m)) is what a TestMain does.
func RunTests(m *testing.M) int {
	if os.Getenv(BinaryVariable) != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "texter-graphql")
	if err == nil {
		defer os.RemoveAll(dir)
		binary := filepath.Join(dir, "texter-graphql")
		err = Build(context.Background(), binary, "texter-graphql")
		_ = os.Setenv(BinaryVariable, binary)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// Binary returns the path of a service for a test, which it builds if there is
// none yet.
func Binary(t testing.TB) string {
	t.Helper()
	if err := readSources(); err != nil {
		t.Fatal(err)
	}
	if binary := os.Getenv(BinaryVariable); binary != "" {
		return binary
	}
	binary := filepath.Join(t.TempDir(), "texter-graphql")
	if err := Build(t.Context(), binary, "texter-graphql"); err != nil {
		t.Fatal(err)
	}
	return binary
}

// readSources reads the folders that the service is built from: go test repeats
// the result of an earlier run as long as no file that the test has read is new.
var readSources = sync.OnceValue(func() error {
	root, err := Root(context.Background())
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		return nil // of a file that another test removes meanwhile
	})
})
