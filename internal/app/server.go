package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
)

// drainTimeout is how long the requests in flight have to finish when a server
// shuts down.
const drainTimeout = 15 * time.Second

// server is an HTTP server with its listener.
type server struct {
	name     string // for errors
	http     *http.Server
	listener net.Listener
}

func newServer(name string, listener net.Listener, handler http.Handler, cfg config.Config) *server {
	return &server{name, newHTTPServer(handler, cfg), listener}
}

// newHTTPServer returns a server that waits for no client for ever. A client has a
// time for each write of a response: see paced. The server's own deadline, which
// counts from the start of a request, is for a response without a body.
func newHTTPServer(handler http.Handler, cfg config.Config) *http.Server {
	return &http.Server{
		Handler:           framed(paced(handler, cfg.WriteTimeout)),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      cfg.RequestTimeout + cfg.WriteTimeout,
		IdleTimeout:       cfg.IdleTimeout,
		MaxHeaderBytes:    32 << 10,
	}
}

// serve answers requests until shutdown or close is called. It errors if the
// server stops for another reason.
func (s *server) serve() error {
	err := s.http.Serve(s.listener)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("%s stopped serving: %w", s.name, err)
}

// shutdown closes the listener and waits for the requests in flight, for at most
// drainTimeout. It errors if some of them did not finish: their connections are
// closed then.
func (s *server) shutdown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	if s.http.Shutdown(ctx) == nil {
		return nil
	}
	s.close()
	return fmt.Errorf("%s: some requests did not finish within %s", s.name, drainTimeout)
}

// close closes the listener and all connections.
func (s *server) close() {
	_ = s.http.Close()
	_ = s.listener.Close() // which http does not know before serve is called
}

// listen listens on the address that a setting gives. Its error names the
// setting to change, and quotes the address only if it is in use.
func listen(setting, addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		return listener, nil
	}
	call, isCall := errors.AsType[*os.SyscallError](err)
	switch {
	case !isCall:
		return nil, rule.New(setting, "must be an address of this machine")
	case errors.Is(err, syscall.EADDRINUSE):
		variable := strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
		return nil, fmt.Errorf("%s: %w; set another address by -%s or %s", addr, syscall.EADDRINUSE, setting, variable)
	}
	return nil, fmt.Errorf("%s can't be listened on: %w", setting, call.Err)
}
