package shares_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/shares"
)

// newPool makes a pool of 80 units, of which 20 are reserved for shares of 4.
func newPool() *shares.Pool {
	return shares.NewPool(shares.Options{Size: 80, Reserved: 20, Small: 4})
}

// take takes a share that must be ready at once.
func take(t *testing.T, p *shares.Pool, caller string, size int) *shares.Share {
	t.Helper()
	s, err := p.Request(caller, size)
	if err != nil || !s.IsReady() {
		t.Fatalf("%d units for %q are not free: %v", size, caller, err)
	}
	return s
}

// assertFull fails if a share of this size is ready at once.
func assertFull(t *testing.T, p *shares.Pool, caller string, size int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := p.Request(caller, size)
	if err != nil || s.IsReady() {
		t.Fatalf("%d units are free for %q: %v", size, caller, err)
	}
	if err := s.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestShares(t *testing.T) {
	t.Run("what is released can be had again", func(t *testing.T) {
		p := newPool()
		s := take(t, p, "", 60)
		assertFull(t, p, "", 5)
		s.Release()
		take(t, p, "", 60)
	})
	t.Run("a share that is larger than all units gets its turn", func(t *testing.T) {
		p := newPool()
		take(t, p, "", 1000).Release()
		take(t, p, "one", 1000).Release()
		take(t, p, "two", 40)
		take(t, p, "three", 20)
	})
	t.Run("a caller has a half at most", func(t *testing.T) {
		p := newPool()
		take(t, p, "one", 30)
		take(t, p, "one", 10)
		assertFull(t, p, "one", 1)
		take(t, p, "two", 20)
	})
	t.Run("the parts of a share are released apart", func(t *testing.T) {
		p := newPool()
		s := take(t, p, "one", 40)
		part, none := s.Split(10), s.Split(100)
		none.Release()
		assertFull(t, p, "one", 1)
		s.Release()
		take(t, p, "one", 10)
		assertFull(t, p, "one", 1)
		part.Release()
		take(t, p, "one", 30)
	})
	t.Run("small shares have what is reserved", func(t *testing.T) {
		p := newPool()
		take(t, p, "one", 40)
		take(t, p, "two", 20)
		assertFull(t, p, "three", 5)
		for range 5 {
			take(t, p, "three", 4)
		}
		assertFull(t, p, "three", 4)
	})
	t.Run("what small shares give back is reserved again", func(t *testing.T) {
		p := newPool()
		for range 5 {
			small := take(t, p, "one", 4)
			small.Split(2).Release()
			small.Release()
		}
		take(t, p, "two", 40)
		take(t, p, "three", 20)
		assertFull(t, p, "four", 5)
		take(t, p, "four", 4)
	})
	t.Run("small shares can have all that is free", func(t *testing.T) {
		p := newPool()
		for i := range 20 {
			take(t, p, fmt.Sprint(i), 4)
		}
		assertFull(t, p, "", 1)
	})
	t.Run("what a share needs no more can be had by others", func(t *testing.T) {
		p := newPool()
		large, small := take(t, p, "one", 40), take(t, p, "two", 4)
		large.Shrink(10)
		large.Shrink(20) // has no effect
		small.Shrink(1)
		take(t, p, "one", 30)
		take(t, p, "three", 19)
		assertFull(t, p, "three", 5)
		large.Release()
		take(t, p, "three", 10)
		small.Shrink(0)
		small.Release()
	})
	t.Run("a bounded number waits, half of them of one caller", func(t *testing.T) {
		p := shares.NewPool(shares.Options{Size: 2, MaxWaiting: 4})
		request := func(caller string, want error) {
			t.Helper()
			if _, err := p.Request(caller, 1); !errors.Is(err, want) {
				t.Fatalf("%s: got %v, want %v", caller, err, want)
			}
		}
		for _, caller := range []string{"one", "two", "one", "one"} { // two of them are ready
			request(caller, nil)
		}
		request("one", shares.ErrFull)
		request("two", nil)
		request("three", nil)
		request("four", shares.ErrFull)
	})
	t.Run("who has left does not wait any more", func(t *testing.T) {
		p := shares.NewPool(shares.Options{Size: 2, MaxWaiting: 4})
		take(t, p, "one", 1)
		for range 5 {
			assertFull(t, p, "one", 1)
		}
		if held, waiting := p.Load(); held != 1 || waiting != 0 {
			t.Errorf("%d units are held, and %d wait", held, waiting)
		}
	})
}

// TestOrder holds who waits for whom.
func TestOrder(t *testing.T) {
	request := func(t *testing.T, p *shares.Pool, caller string, size int) *shares.Share {
		t.Helper()
		s, err := p.Request(caller, size)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	assertReady := func(t *testing.T, want bool, all ...*shares.Share) {
		t.Helper()
		for i, s := range all {
			if s.IsReady() != want {
				t.Errorf("share %d: ready is %t", i+1, !want)
			}
		}
	}
	t.Run("shares come in their order", func(t *testing.T) {
		p := newPool()
		first := take(t, p, "", 60)
		second, third := request(t, p, "two", 40), request(t, p, "three", 5)
		assertReady(t, false, second, third)
		first.Release()
		assertReady(t, true, second, third)
		if held, waiting := p.Load(); held != 45 || waiting != 0 {
			t.Errorf("%d units are held, and %d shares wait", held, waiting)
		}
		second.Release()
		third.Release()
		take(t, p, "", 60)
	})
	t.Run("a later one does not overtake a larger one of another caller", func(t *testing.T) {
		p := newPool()
		one, first := take(t, p, "one", 35), take(t, p, "two", 20)
		larger, later := request(t, p, "three", 40), request(t, p, "four", 5)
		assertReady(t, false, larger, later)
		first.Release()
		assertReady(t, false, larger, later)
		one.Release()
		assertReady(t, true, larger, later)
	})
	t.Run("who waits for the own half holds up nobody", func(t *testing.T) {
		p := newPool()
		take(t, p, "one", 40)
		assertReady(t, false, request(t, p, "one", 10))
		assertReady(t, true, request(t, p, "two", 20))
	})
	t.Run("nor when others give back what they have", func(t *testing.T) {
		p := newPool()
		take(t, p, "one", 40)
		first := take(t, p, "two", 20)
		own, next := request(t, p, "one", 10), request(t, p, "three", 20)
		assertReady(t, false, own, next)
		first.Release()
		assertReady(t, false, own)
		assertReady(t, true, next)
	})
	t.Run("a small one overtakes large ones", func(t *testing.T) {
		p := newPool()
		take(t, p, "", 60)
		assertReady(t, false, request(t, p, "two", 5))
		assertReady(t, true, request(t, p, "three", 4))
	})
	t.Run("but only with what is reserved", func(t *testing.T) {
		p := newPool()
		take(t, p, "one", 35)
		take(t, p, "two", 20)
		assertReady(t, false, request(t, p, "three", 40))
		for range 5 {
			take(t, p, "four", 4)
		}
		assertFull(t, p, "five", 4)
	})
	t.Run("who leaves holds up nobody", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := newPool()
			take(t, p, "one", 40)
			leaving, next := request(t, p, "two", 30), request(t, p, "three", 20)
			assertReady(t, false, leaving, next)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := leaving.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			assertReady(t, true, next)
		})
	})
}

// TestNothingIsLost: after many shares at the same time, all units can be had.
func TestNothingIsLost(t *testing.T) {
	p := newPool()
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for range 200 {
				ctx, cancel := context.WithCancel(t.Context())
				if random.IntN(3) == 0 {
					cancel()
				}
				s, err := p.Request(fmt.Sprint(random.IntN(5)), 1+random.IntN(60))
				if err == nil && s.Wait(ctx) == nil {
					s.Release()
				}
				cancel()
			}
		})
	}
	group.Wait()
	take(t, p, "one", 40)
	take(t, p, "two", 20)
	for range 5 {
		take(t, p, "three", 4)
	}
}
