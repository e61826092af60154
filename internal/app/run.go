package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"texter-graphql/internal/config"
	"texter-graphql/texter/sandbox"
)

// run serves until ctx ends, then lets the requests in flight finish. It errors
// if a setting is wrong, if it can't listen, and if one of its servers stops
// serving. When it returns, none of its goroutines is left.
func run(ctx context.Context, args []string, getenv func(string) string, stderr io.Writer) error {
	var settings strings.Builder
	cfg, err := config.Check(args, getenv, &settings)
	if err != nil {
		_, _ = io.WriteString(stderr, settings.String()) // the help
		return err
	}
	p, err := newProgram(ctx, cfg, stderr)
	if err != nil {
		return err
	}
	p.settings = settings.String()
	p.announce(stderr)
	return p.run(ctx)
}

// program is the service with all that runs beside it.
type program struct {
	service  *service
	observed *observation
	api      *server
	sandbox  *server // nil if Texter is real
	metrics  *server // nil if off
	admin    *server // nil if off
	graphiQL bool    // whether the API has GraphiQL at /
	settings string  // those in effect, without secrets, one a line
	// traffic changes the chats of the sandbox until its context ends; nil if they stay
	// as they are.
	traffic func(context.Context)
	// awaitDrain gives load balancers the time to see that the service is not
	// ready any more.
	awaitDrain func()
}

// newProgram listens on all addresses. The log goes to stderr.
func newProgram(ctx context.Context, cfg config.Config, stderr io.Writer) (*program, error) {
	p := &program{awaitDrain: func() { time.Sleep(cfg.DrainDelay) }}
	if err := p.prepare(ctx, cfg, stderr); err != nil {
		p.close(ctx)
		return nil, err
	}
	return p, nil
}

func (p *program) prepare(ctx context.Context, cfg config.Config, stderr io.Writer) (err error) {
	if p.observed, err = newObservation(ctx, cfg, stderr); err != nil {
		return err
	}
	if cfg.Sandbox() {
		if err := p.listenSandbox(&cfg); err != nil {
			return err
		}
	}
	if p.service, err = newService(cfg, p.observed); err != nil {
		return err
	}
	if p.sandbox != nil {
		p.service.markSandbox()
	}
	if cfg.MetricsAddr != "" {
		if err := p.listenMetrics(cfg); err != nil {
			return err
		}
	}
	if cfg.AdminAddr != "" {
		if err := p.listenAdmin(cfg); err != nil {
			return err
		}
	}
	return p.listenAPI(cfg)
}

// listenSandbox has the service ask a sandbox for its chats, in place of Texter.
func (p *program) listenSandbox(cfg *config.Config) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the sandbox can't listen: %w", err)
	}
	inbox := sandbox.New(sandbox.Options{Chats: cfg.SandboxChats})
	p.sandbox = p.newServer("the sandbox", listener, inbox, *cfg)
	if cfg.Live.SandboxTraffic > 0 {
		settings := *cfg
		p.traffic = func(ctx context.Context) { p.liven(ctx, inbox, settings) }
	}
	cfg.TexterURL, cfg.TexterToken = "http://"+listener.Addr().String()+sandbox.BasePath, "sandbox"
	return nil
}

func (p *program) listenMetrics(cfg config.Config) error {
	listener, err := listen("metrics-addr", cfg.MetricsAddr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", p.observed.metrics.Handler())
	p.metrics = p.newServer("the metrics server", listener, mux, cfg)
	return nil
}

func (p *program) listenAPI(cfg config.Config) error {
	listener, err := listen("addr", cfg.Addr)
	if err != nil {
		return err
	}
	p.api = p.newServer("the GraphQL server", listener, p.service.handler, cfg)
	p.graphiQL = cfg.GraphiQL
	return nil
}

// run serves until ctx ends or a server stops serving. It returns the first
// error. Without one, it logs why it has ended.
func (p *program) run(ctx context.Context) error {
	err := p.serve(ctx)
	p.close(context.WithoutCancel(ctx))
	if err == nil {
		p.observed.always.Info("stopped", "reason", context.Cause(ctx).Error())
	}
	return err
}

func (p *program) serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range p.servers() {
		group.Go(s.serve)
	}
	for _, watch := range p.service.watchers {
		group.Go(func() error { watch(ctx); return nil })
	}
	if p.traffic != nil {
		group.Go(func() error { p.traffic(ctx); return nil })
	}
	group.Go(func() error {
		<-ctx.Done()
		p.observed.always.Info("stopping", "reason", context.Cause(ctx).Error())
		return p.stop(context.WithoutCancel(ctx))
	})
	return group.Wait()
}

// stop ends what serves, in the order of need: requests in flight still need the
// sandbox, and the last of them is still counted.
func (p *program) stop(ctx context.Context) error {
	p.service.health.Drain()
	p.awaitDrain()
	var stopped sync.WaitGroup
	stopped.Go(p.service.connections.Stop) // while nobody can connect any more
	err := p.api.shutdown(ctx)
	stopped.Wait()
	p.service.close(ctx)
	for _, s := range p.servers() {
		s.close()
	}
	return err
}

// servers are those that are on.
func (p *program) servers() []*server {
	var on []*server
	for _, s := range []*server{p.api, p.sandbox, p.metrics, p.admin} {
		if s != nil {
			on = append(on, s)
		}
	}
	return on
}

// close closes what is left: listeners that never served, and what was observed
// but not yet sent.
func (p *program) close(ctx context.Context) {
	for _, s := range p.servers() {
		s.close()
	}
	if p.observed != nil {
		p.observed.close(ctx)
	}
}
