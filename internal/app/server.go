package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
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

func (p *program) newServer(name string, listener net.Listener, handler http.Handler, cfg config.Config) *server {
	s := newHTTPServer(handler, cfg)
	s.ErrorLog = log.New(serverErrors{p.observed.logger}, "", 0)
	return &server{name, s, listener}
}

// serverErrors logs what net/http has to say, such as that no file descriptor is left.
type serverErrors struct{ logger *slog.Logger }

var (
	// hostAddress is an IP address, with or without a port.
	hostAddress = regexp.MustCompile(`\[[0-9a-fA-F:.]+(%[^]]+)?\](:\d+)?|\d+(\.\d+){3}(:\d+)?`)
	// panicValue is what stands behind the address in the message of a panic, and may
	// hold anything.
	panicValue = regexp.MustCompile(`(?s)^http: panic serving .*?(\ngoroutine .*)?$`)
)

// Write logs a message without addresses of clients.
func (e serverErrors) Write(message []byte) (int, error) {
	text := panicValue.ReplaceAll(bytes.TrimSpace(message), []byte("http: panic$1"))
	e.logger.Error("net/http", "error", string(hostAddress.ReplaceAll(text, []byte("an address"))))
	return len(message), nil
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
