package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"texter-graphql/internal/config"
)

// healthcheckTimeout is how long the service may take to say that it is ready.
const healthcheckTimeout = 2 * time.Second

// firstProcess is the command line of the first process of a container, or of the
// machine, where there is a /proc of Linux: proc(5).
const firstProcess = "/proc/1/cmdline"

// checkHealth asks the service that has these settings, on this machine,
// whether it is ready: for containers, which hold no other program to ask with.
// Without flags, it takes those of the service in this container. It errors unless
// the service is ready.
func checkHealth(ctx context.Context, args []string, getenv func(string) string, stderr io.Writer) error {
	if len(args) == 0 {
		args = serviceFlags(firstProcess, os.Args[0])
	}
	addr, err := config.Addr(args, getenv, stderr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(addr)+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := (&http.Transport{}).RoundTrip(req) // without a proxy
	if err != nil {
		return errors.New("healthcheck: the service does not answer")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: the service is not ready: it answers %s", res.Status)
	}
	return nil
}

// serviceFlags returns the flags of the service if the process with this command line
// is the service, or an init that started it. It returns nil otherwise.
func serviceFlags(commandLine, program string) []string {
	content, err := os.ReadFile(commandLine)
	if err != nil {
		return nil
	}
	words := strings.Split(strings.TrimSuffix(string(content), "\x00"), "\x00")
	for i, word := range words {
		if filepath.Base(word) == filepath.Base(program) {
			return words[i+1:]
		}
	}
	return nil
}

// reachable is an address at which a listener at addr can be reached from this
// machine.
func reachable(addr string) string {
	host, port, _ := net.SplitHostPort(addr) // package config has checked it
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
