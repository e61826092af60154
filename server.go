// Command texter-graphql serves GraphQL over Texter's REST API.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"texter-graphql/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	// The end of a terminal or "reload" of a service file: files of secrets are read
	// again whenever they change.
	signal.Ignore(syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE) // a log that nobody reads any more stops no request
	os.Exit(app.Main(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}
