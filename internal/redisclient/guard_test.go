package redisclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
)

// failures counts the reports of a guard, whose commands fail or succeed as
// the test says.
type failures struct {
	*Guard
	reports, recoveries, commands int
}

func newFailures() *failures {
	f := &failures{}
	f.Guard = (&Client{timeout: DefaultTimeout}).Guard(func(_ context.Context, err error) {
		if err != nil {
			f.reports++
		} else {
			f.recoveries++
		}
	})
	return f
}

// send sends a command that has this result.
func (f *failures) send(result error) error {
	return f.Do(context.Background(), func(context.Context, redis.UniversalClient) error {
		f.commands++
		return result
	})
}

var errBroken = errors.New("broken")

// runFailures runs a test with a new client in a bubble.
func runFailures(t *testing.T, name string, test func(*testing.T, *failures)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, newFailures()) })
	})
}

// TestRedisRetries holds that few searches wait for a Redis that fails.
func TestRedisRetries(t *testing.T) {
	runFailures(t, "after a failure, Redis is not asked for a second", func(t *testing.T, f *failures) {
		if err := f.send(errBroken); !errors.Is(err, errBroken) {
			t.Errorf("the first command returned %v", err)
		}
		time.Sleep(retryAfter - time.Nanosecond)
		if err := f.send(nil); !errors.Is(err, ErrNotAsked) || f.commands != 1 {
			t.Errorf("the next command returned %v; %d commands were sent", err, f.commands)
		}
		time.Sleep(time.Nanosecond)
		if err := f.send(nil); err != nil {
			t.Errorf("after a second, a command returned %v", err)
		}
		if err := f.send(nil); err != nil || f.commands != 3 {
			t.Errorf("after a success, a command returned %v; %d commands were sent", err, f.commands)
		}
	})
	runFailures(t, "one of many callers tries a Redis that failed", func(t *testing.T, f *failures) {
		_ = f.send(errBroken)
		time.Sleep(retryAfter)
		release := make(chan struct{})
		go func() {
			_ = f.Do(t.Context(), func(context.Context, redis.UniversalClient) error { <-release; return nil })
		}()
		synctest.Wait()
		if err := f.send(nil); !errors.Is(err, ErrNotAsked) {
			t.Errorf("another caller got %v", err)
		}
		close(release)
		synctest.Wait()
		if err := f.send(nil); err != nil {
			t.Errorf("after the success of the first one, another caller got %v", err)
		}
	})
}

// TestRedisReports holds how often a failure is reported.
func TestRedisReports(t *testing.T) {
	runFailures(t, "a failure is reported once a second", func(t *testing.T, f *failures) {
		for range 5 {
			for range 10 {
				_ = f.send(errBroken)
			}
			time.Sleep(retryAfter)
		}
		if f.reports != 5 || f.commands != 5 || f.recoveries != 0 {
			t.Errorf("there were %d reports and %d commands in 5 seconds", f.reports, f.commands)
		}
		for range 10 {
			_ = f.send(nil)
		}
		if f.reports != 5 || f.recoveries != 1 {
			t.Errorf("then there were %d reports and %d recoveries", f.reports, f.recoveries)
		}
	})
	runFailures(t, "that a value is missing is no failure", func(t *testing.T, f *failures) {
		if err := f.send(redis.Nil); !errors.Is(err, redis.Nil) || f.reports != 0 {
			t.Errorf("it returned %v, with %d reports", err, f.reports)
		}
		if err := f.send(nil); err != nil {
			t.Errorf("the next command returned %v", err)
		}
	})
	runFailures(t, "what fails after Close is no failure", func(t *testing.T, f *failures) {
		f.Close()
		for range 2 {
			if err := f.send(errBroken); !errors.Is(err, errBroken) || f.reports != 0 {
				t.Errorf("it returned %v, with %d reports", err, f.reports)
			}
		}
	})
	t.Run("nobody needs to be told", func(t *testing.T) {
		g := (&Client{timeout: DefaultTimeout}).Guard(nil)
		if err := g.Do(t.Context(), func(context.Context, redis.UniversalClient) error { return errBroken }); !errors.Is(err, errBroken) {
			t.Errorf("it returned %v", err)
		}
	})
	runFailures(t, "of commands that fail together, one is reported", func(t *testing.T, f *failures) {
		release := make(chan struct{})
		for range 10 {
			go func() {
				_ = f.Do(t.Context(), func(context.Context, redis.UniversalClient) error { <-release; return errBroken })
			}()
		}
		synctest.Wait()
		close(release)
		synctest.Wait()
		if f.reports != 1 {
			t.Errorf("there were %d reports", f.reports)
		}
	})
}

// refused is an error that Redis sends.
type refused string

func (r refused) Error() string { return string(r) }
func (refused) RedisError()     {}

// TestReportedErrors holds that a report says what failed, and nothing that it failed on.
func TestReportedErrors(t *testing.T) {
	for want, err := range map[string]error{
		"refused: WRONGPASS":           refused("WRONGPASS canary"),
		"refused: ERR":                 fmt.Errorf("canary: %w", refused("ERR")),
		"no response: reset":           fmt.Errorf("canary: %w", io.EOF),
		"an answer to another command": ErrStrangeAnswer,
	} {
		t.Run(want, func(t *testing.T) {
			var got error
			g := (&Client{timeout: DefaultTimeout}).Guard(func(_ context.Context, err error) { got = err })
			_ = g.Do(t.Context(), func(context.Context, redis.UniversalClient) error { return err })
			if got == nil || got.Error() != want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestRedisTimeout holds how long a command takes.
func TestRedisTimeout(t *testing.T) {
	runFailures(t, "a command ends after the timeout, and not with its caller", func(t *testing.T, f *failures) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		err := f.Do(ctx, func(ctx context.Context, _ redis.UniversalClient) error { <-ctx.Done(); return ctx.Err() })
		if took := time.Since(began); took != DefaultTimeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it returned %v after %v", err, took)
		}
	})
}
