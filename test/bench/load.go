package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// responseTimeout bounds how long a response takes.
const responseTimeout = 2 * time.Minute

// connection sends one request at a time. It writes bytes that were made before,
// since it shares the machine with what is measured.
type connection struct {
	net.Conn
	reader *bufio.Reader
	buffer []byte
}

func dial(address string) (*connection, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReaderSize(conn, 64<<10), make([]byte, 64<<10)}, nil
}

// ask sends a request and returns its response. The caller reads the body.
func (c *connection) ask(request []byte) (*http.Response, error) {
	if err := c.SetDeadline(time.Now().Add(responseTimeout)); err != nil {
		return nil, err
	}
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	return http.ReadResponse(c.reader, nil)
}

// check sends a request. It errors unless the response is 200 and has the wanted
// bytes.
func (c *connection) check(request, want []byte) error {
	res, err := c.ask(request)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return fmt.Errorf("%s: %s", res.Status, text)
	}
	for rest := want; ; {
		n, err := res.Body.Read(c.buffer)
		if n > len(rest) || !bytes.Equal(c.buffer[:n], rest[:n]) {
			return fmt.Errorf("a response differs from the first one at byte %d or after", len(want)-len(rest))
		}
		rest = rest[n:]
		if errors.Is(err, io.EOF) && len(rest) == 0 {
			return nil
		} else if err != nil {
			return fmt.Errorf("a response ended %d bytes early: %w", len(rest), err)
		}
	}
}

// load is the request that a server gets again and again.
type load struct {
	address     string
	connections int // opened for each round, since servers close idle ones
	request     request
	want        []byte       // the bytes of every response
	distinct    bool         // whether each request has another number
	asked       atomic.Int64 // the last number
}

// drive sends requests on all connections for this long, and at least one on each.
// It returns how long each response took, sorted, and how long all of it took.
func (l *load) drive(ctx context.Context, duration time.Duration) (latencies []time.Duration, took time.Duration, err error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	start := time.Now()
	for range l.connections {
		wg.Go(func() {
			own, failed := l.repeat(ctx, start.Add(duration))
			mu.Lock()
			defer mu.Unlock()
			latencies, err = append(latencies, own...), errors.Join(err, failed)
		})
	}
	wg.Wait()
	took = time.Since(start)
	slices.Sort(latencies)
	return latencies, took, err
}

func (l *load) repeat(ctx context.Context, end time.Time) (latencies []time.Duration, err error) {
	c, err := dial(l.address)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var request []byte
	var n int64
	for {
		if l.distinct {
			n = l.asked.Add(1)
		}
		request = l.request.append(request[:0], n)
		sent := time.Now()
		if err := c.check(request, l.want); err != nil {
			return nil, err
		}
		now := time.Now()
		latencies = append(latencies, now.Sub(sent))
		if now.After(end) || ctx.Err() != nil {
			return latencies, ctx.Err()
		}
	}
}
