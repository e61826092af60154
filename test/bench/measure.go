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

// measure starts the servers and drives each in turn, round after round, so
// that what else the machine does hits all alike.
func (l *lab) measure(ctx context.Context, s scenario) ([]result, error) {
	fmt.Fprintf(os.Stderr, "%v\n", s)
	upstream, err := harness.Command{Path: l.binary("upstream"), Ready: "REST", Args: []string{
		"-rows", strconv.Itoa(s.rows), "-delay", s.delay().String(), "-row", filepath.Join(l.root, "texter/testdata/chat-object.json"),
	}}.Start(ctx)
	if err != nil {
		return nil, err
	}
	defer upstream.Kill()
	contestants, err := l.contestants(ctx, s, upstream.Addr("REST"))
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
			if i > 0 { // the first is to warm up
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

// contestants starts the servers and looks at their first answers. What it
// returns must be stopped, even with an error.
func (l *lab) contestants(ctx context.Context, s scenario, upstream string) (started []*contestant, err error) {
	var first any // what the first of the GraphQL servers answered
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
			return started, fmt.Errorf("%s answers other data than the GraphQL server before it", name)
		}
	}
	return started, nil
}

// connectionsFor keeps the memory of the largest pages within a machine.
func (l *lab) connectionsFor(s scenario) int {
	if s.rows >= 10000 {
		return max(l.connections/8, 1)
	}
	return l.connections
}
