package app

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// isTerminal reports whether people read what is written there.
func isTerminal(w io.Writer) bool {
	file, isFile := w.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// address is one that the program listens at.
type address struct{ key, name, url string }

// addresses are all that the program listens at, the API last.
func (p *program) addresses() (all []address) {
	add := func(s *server, key, name, path string) {
		if s != nil {
			all = append(all, address{key, name, "http://" + s.listener.Addr().String() + path})
		}
	}
	add(p.metrics, "metrics", "Metrics", "/metrics")
	add(p.admin, "admin", "Admin", "/settings")
	if p.graphiQL {
		add(p.api, "graphiql", "GraphiQL", "/")
	}
	add(p.api, "graphql", "GraphQL", "/graphql")
	return all
}

// announce says what has started, and where it listens: in a few words at a terminal,
// else in the first line of the log, whatever its level.
func (p *program) announce(stderr io.Writer) {
	if isTerminal(stderr) {
		p.greet(stderr)
		return
	}
	b := readBuild()
	about := []any{"version", b.version, "revision", b.revision, "goVersion", b.goVersion}
	if p.sandbox != nil {
		about = append(about, "sandbox", "the chats are made up; set TEXTER_PROJECT for real ones")
	}
	for _, a := range p.addresses() {
		about = append(about, a.key, a.url)
	}
	slog.New(slog.NewJSONHandler(stderr, nil)).Info("listening", about...)
}

// greet writes the addresses for people.
func (p *program) greet(terminal io.Writer) {
	if p.sandbox != nil {
		fmt.Fprintln(terminal, "Sandbox: the chats are made up. Set TEXTER_PROJECT for real ones.")
	}
	for _, a := range p.addresses() {
		fmt.Fprintf(terminal, "%s: %s\n", a.name, a.url)
	}
}
