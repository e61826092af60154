package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"syscall"
	"time"

	"texter-graphql/test/harness"
)

// contestant is a server that is measured in a case.
type contestant struct {
	*harness.Process
	name     string
	upstream string // its address
	load     load
	rounds   []round
}

// round is what was measured of a server in one round.
type round struct {
	rate     float64       // responses a second
	p50, p99 time.Duration // until the end of the response
	cpu      time.Duration // of the server, for one response
	searches float64       // of the upstream, for one response
}

// first sends the first request. Its response must have this many rows and no
// errors. It returns the data of the response.
func (c *contestant) first(rows int) (any, error) {
	conn, err := dial(c.load.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	res, err := conn.ask(c.load.request.append(nil, 0))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if c.load.want, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	data, got, err := read(c.load.want)
	if res.StatusCode != http.StatusOK || err != nil || got != rows {
		return nil, fmt.Errorf("the first response is %s with %d rows (%v): %.300s", res.Status, got, err, c.load.want)
	}
	return data, nil
}

// read returns the data of a response of GraphQL or REST, and counts its rows.
func read(response []byte) (data any, rows int, err error) {
	var body struct{ Data, Errors any }
	if err := json.Unmarshal(response, &body); err != nil {
		return nil, 0, err
	}
	if body.Errors != nil {
		return nil, 0, errors.New("the response has errors")
	}
	list := body.Data
	if object, ok := list.(map[string]any); ok {
		connection, _ := object["searchChats"].(map[string]any)
		list = connection["nodes"]
	}
	nodes, _ := list.([]any)
	return body.Data, len(nodes), nil
}

// drive runs one round.
func (c *contestant) drive(ctx context.Context, duration time.Duration) (round, error) {
	before, err := c.spent()
	if err != nil {
		return round{}, err
	}
	latencies, took, err := c.load.drive(ctx, duration)
	if err != nil {
		return round{}, err
	}
	after, err := c.spent()
	if err != nil {
		return round{}, err
	}
	n, searches := len(latencies), after.searches-before.searches
	if c.load.distinct && searches != n {
		return round{}, fmt.Errorf("%d responses took %d searches", n, searches)
	}
	return round{
		rate:     float64(n) / took.Seconds(),
		p50:      latencies[n/2],
		p99:      latencies[n*99/100],
		cpu:      (after.cpu - before.cpu) / time.Duration(n),
		searches: float64(searches) / float64(n),
	}, nil
}

// spending is what a server has used so far.
type spending struct {
	cpu      time.Duration
	searches int // of the upstream, for all servers, of which one is measured at a time
}

func (c *contestant) spent() (spending, error) {
	cpu, err := c.CPUTime()
	if err != nil {
		return spending{}, err
	}
	searches, err := c.searches()
	return spending{cpu, searches}, err
}

// searches returns how many searches the upstream has had.
func (c *contestant) searches() (n int, err error) {
	res, err := http.Get("http://" + c.upstream + "/searches")
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = fmt.Fscan(res.Body, &n)
	return n, err
}

// writeProfiles asks a server that profiles itself to write its profiles and
// end.
func (c *contestant) writeProfiles() error {
	if err := c.Signal(syscall.SIGUSR1); err != nil {
		return err
	}
	return c.Wait()
}

// result is what was measured of a server in a case.
type result struct {
	name   string
	rounds []round
	memory int64 // bytes of the largest peak since a start
	size   int   // bytes of a response
}

func (c *contestant) result() (result, error) {
	_, memory, err := c.Memory()
	return result{c.name, c.rounds, memory, len(c.load.want)}, err
}

// add adds what was measured after another start of the server.
func (r *result) add(other result) {
	r.rounds = append(r.rounds, other.rounds...)
	r.memory = max(r.memory, other.memory)
}

// median returns the medians of the rounds.
func (r result) median() round {
	return round{
		rate:     median(r.rounds, func(r round) float64 { return r.rate }),
		p50:      median(r.rounds, func(r round) time.Duration { return r.p50 }),
		p99:      median(r.rounds, func(r round) time.Duration { return r.p99 }),
		cpu:      median(r.rounds, func(r round) time.Duration { return r.cpu }),
		searches: median(r.rounds, func(r round) float64 { return r.searches }),
	}
}

func median[T float64 | time.Duration](rounds []round, of func(round) T) T {
	values := make([]T, len(rounds))
	for i, r := range rounds {
		values[i] = of(r)
	}
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
