package cache

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
)

// failures counts the reports of a client, whose commands fail or succeed as
// the test says.
type failures struct {
	*redisClient
	reports, commands int
}

func newFailures() *failures {
	f := &failures{redisClient: &redisClient{timeout: DefaultRedisTimeout}}
	f.failed = func(context.Context, error) { f.reports++ }
	return f
}

// send sends a command that has this result.
func (f *failures) send(result error) error {
	return f.do(context.Background(), func(context.Context, *redis.Client) error {
		f.commands++
		return result
	})
}

// TestRedisFailure holds that a Redis that fails costs few searches time.
func TestRedisFailure(t *testing.T) {
	broken := errors.New("broken")
	run := func(name string, test func(*testing.T, *failures)) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newFailures()) })
		})
	}
	run("after a failure, Redis is not asked for a second", func(t *testing.T, f *failures) {
		if err := f.send(broken); !errors.Is(err, broken) {
			t.Errorf("the first command returned %v", err)
		}
		time.Sleep(retryAfter - time.Nanosecond)
		if err := f.send(nil); !errors.Is(err, errNotAsked) || f.commands != 1 {
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
	run("a failure is reported once a second", func(t *testing.T, f *failures) {
		for range 5 {
			for range 10 {
				_ = f.send(broken)
			}
			time.Sleep(retryAfter)
		}
		if f.reports != 5 || f.commands != 5 {
			t.Errorf("there were %d reports and %d commands in 5 seconds", f.reports, f.commands)
		}
	})
	run("one of many callers tries a Redis that failed", func(t *testing.T, f *failures) {
		_ = f.send(broken)
		time.Sleep(retryAfter)
		release := make(chan struct{})
		go func() {
			_ = f.do(t.Context(), func(context.Context, *redis.Client) error { <-release; return nil })
		}()
		synctest.Wait()
		if err := f.send(nil); !errors.Is(err, errNotAsked) {
			t.Errorf("another caller got %v", err)
		}
		close(release)
		synctest.Wait()
		if err := f.send(nil); err != nil {
			t.Errorf("after the success of the first one, another caller got %v", err)
		}
	})
	run("of commands that fail together, one is reported", func(t *testing.T, f *failures) {
		release := make(chan struct{})
		for range 10 {
			go func() {
				_ = f.do(t.Context(), func(context.Context, *redis.Client) error { <-release; return broken })
			}()
		}
		synctest.Wait()
		close(release)
		synctest.Wait()
		if f.reports != 1 {
			t.Errorf("there were %d reports", f.reports)
		}
	})
	run("a command ends after the timeout, and not with its caller", func(t *testing.T, f *failures) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		err := f.do(ctx, func(ctx context.Context, _ *redis.Client) error { <-ctx.Done(); return ctx.Err() })
		if took := time.Since(began); took != DefaultRedisTimeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it returned %v after %v", err, took)
		}
	})
}
