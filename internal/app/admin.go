package app

import (
	"io"
	"net/http"
	"net/http/pprof"

	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
)

// listenAdmin listens for operators on this machine.
func (p *program) listenAdmin(cfg config.Config) error {
	listener, err := listen("admin-addr", cfg.AdminAddr)
	if err != nil {
		return err
	}
	p.admin = p.newServer("the admin server", listener, auth.LocalOnly(p.adminHandler()), cfg)
	return nil
}

// adminHandler serves what operators look at: metrics, health, the settings in effect
// without secrets, and Go's profiles.
func (p *program) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", p.observed.metrics.Handler())
	mux.Handle("/healthz", p.service.health.Live())
	mux.Handle("/readyz", p.service.health.Ready())
	mux.HandleFunc("GET /settings", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, p.settings) // the client may be gone
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
