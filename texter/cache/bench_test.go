package cache_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

const benchToken = "67bf11038b24880c67bf11038b24880c67bf11038b24880c"

func unobserved(o *cache.Options) {
	o.TTL, o.Observe = time.Hour, func(context.Context, cache.Outcome) {}
}

// BenchmarkHit measures a search that a kept page answers.
func BenchmarkHit(b *testing.B) {
	text := "dana levi"
	for name, o := range map[string]texter.SearchOptions{
		"plain":  {Limit: 30},
		"filter": {Limit: 30, ChatFilter: texter.ChatFilter{Search: &text, Statuses: []texter.ChatStatus{1, 2}, Labels: []string{"vip", "new"}}},
	} {
		b.Run(name, func(b *testing.B) {
			i := newInstance(b, unobserved)
			ctx := as(b, benchToken)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := i.SearchChats(ctx, o); err != nil {
					b.Fatal(err)
				}
			}
			i.expectRequests(1)
		})
	}
}

// BenchmarkRecall measures finding an answer.
func BenchmarkRecall(b *testing.B) {
	i := newInstance(b, unobserved)
	ctx, body := as(b, benchToken), strings.Repeat("x", 1500)
	i.remember(benchToken, i.page(benchToken, firstPage), "answer", "POST", body)
	b.ReportAllocs()
	for b.Loop() {
		if i.Recall(ctx, "POST", body) == nil {
			b.Fatal("there is no answer")
		}
	}
}

// BenchmarkMiss measures what a search takes that Texter answers at once.
func BenchmarkMiss(b *testing.B) {
	i := newInstance(b, unobserved, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
		return &texter.SearchPage{}, nil
	}), func(o *cache.Options) { o.TTL, o.Timeout = 0, time.Minute })
	ctx := as(b, benchToken)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := i.SearchChats(ctx, firstPage); err != nil {
			b.Fatal(err)
		}
	}
}
