package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"

	"texter-graphql/test/harness"
)

// measure starts the servers, again and again, and measures them.
func (l *lab) measure(ctx context.Context, s scenario) ([]result, error) {
	fmt.Fprintf(os.Stderr, "%v\n", s)
	upstream, err := harness.Command{Path: l.binary("upstream"), Ready: "REST", Args: []string{
		"-rows", strconv.Itoa(s.rows), "-delay", s.delay().String(), "-row", filepath.Join(l.root, "texter/testdata/chat-object.json"),
	}}.Start(ctx)
	if err != nil {
		return nil, err
	}
	defer upstream.Kill()
	var results []result
	for range l.starts {
		more, err := l.measureOnce(ctx, s, upstream.Addr("REST"))
		if err != nil {
			return nil, err
		}
		for i := range results {
			results[i].add(more[i])
		}
		if results == nil {
			results = more
		}
	}
	return results, nil
}

// measureOnce starts the servers and measures them in turn, round after round, so that
// whatever else the machine does slows all of them down alike.
func (l *lab) measureOnce(ctx context.Context, s scenario, upstream string) ([]result, error) {
	contestants, err := l.contestants(ctx, s, upstream)
	for _, c := range contestants {
		defer c.Kill()
	}
	if err != nil {
		return nil, err
	}
	for i := range l.rounds + 1 {
		for _, c := range contestants {
			r, err := c.drive(ctx, l.round)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if i > 0 { // the first one is to warm up
				c.rounds = append(c.rounds, r)
			}
		}
	}
	results := make([]result, len(contestants))
	for i, c := range contestants {
		if results[i], err = c.result(); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		if c.name == "facade" && l.profiles != "" {
			if err := c.writeProfiles(); err != nil {
				return nil, err
			}
		}
	}
	return results, nil
}

// contestants starts the servers and checks their first responses. The caller
// kills the servers, after an error too.
func (l *lab) contestants(ctx context.Context, s scenario, upstream string) (started []*contestant, err error) {
	var first any // the data of the first GraphQL server
	for _, name := range l.only {
		if !s.runs(name) {
			continue
		}
		command := l.command(name, s, upstream)
		p, err := command.Start(ctx)
		if err != nil {
			return started, err
		}
		c := &contestant{Process: p, name: name, upstream: upstream, load: load{
			address: p.Addr(cmp.Or(command.Ready, "GraphQL")), connections: l.connectionsFor(s), request: s.rest(), distinct: s.mode == cold,
		}}
		started = append(started, c)
		if name != "proxy" {
			if c.load.request, err = s.graphQL(l.root); err != nil {
				return started, err
			}
		}
		data, err := c.first(s.rows)
		if err != nil {
			return started, fmt.Errorf("%s: %w", name, err)
		}
		switch {
		case name == "proxy":
		case first == nil:
			first = data
		case !reflect.DeepEqual(data, first):
			return started, fmt.Errorf("%s responds with other data than the GraphQL server before it", name)
		}
	}
	return started, nil
}

// connectionsFor returns the number of connections. It is lower for the largest
// pages, which would take too much memory.
func (l *lab) connectionsFor(s scenario) int {
	if s.rows >= 10000 {
		return max(l.connections/8, 1)
	}
	return l.connections
}
