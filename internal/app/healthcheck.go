package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"texter-graphql/internal/config"
)

// healthcheckTimeout is how long the service may take to say that it is ready.
const healthcheckTimeout = 2 * time.Second

// checkHealth asks the service that has these settings, on this machine,
// whether it is ready: for containers, which hold no other program to ask with.
// It errors unless it is.
func checkHealth(ctx context.Context, args []string, getenv func(string) string, stderr io.Writer) error {
	cfg, err := config.Parse(args, getenv, stderr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(cfg.Addr)+"/readyz", nil)
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

// reachable is an address at which a listener at addr can be reached from this
// machine.
func reachable(addr string) string {
	host, port, _ := net.SplitHostPort(addr) // package config has checked it
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
