package upstream

import (
	"context"
	"net"
)

// Dial has a Transport connect by a function, in place of package net.
func Dial(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(*Options) {
	return func(o *Options) { o.dial = dial }
}
