package app

import (
	"errors"
	"fmt"
	"runtime/debug"
	"testing"
	"time"

	"texter-graphql/internal/config"
	"texter-graphql/internal/rule"
)

func TestOperationMemory(t *testing.T) {
	before := debug.SetMemoryLimit(400 << 20)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	for _, test := range []struct {
		cache config.Cache
		want  int // 0 for an error
	}{
		{config.Cache{Size: 64 << 20}, 200 << 20},
		{config.Cache{Size: 100 << 20, TTL: time.Second}, 150 << 20},
		{config.Cache{Size: 200 << 20, TTL: time.Second}, 100 << 20},
		{config.Cache{Size: 200<<20 + 1, TTL: time.Second}, 0},
		{config.Cache{Size: 1 << 40}, 200 << 20},
	} {
		t.Run(fmt.Sprintf("a cache of %d bytes for %v leaves %d", test.cache.Size, test.cache.TTL, test.want), func(t *testing.T) {
			got, err := operationMemory(config.Config{Cache: test.cache})
			broken, isRule := errors.AsType[*rule.Error](err)
			if got != test.want || isRule != (test.want == 0) || isRule && broken.Name != "cache-size" {
				t.Errorf("got %d, %v", got, err)
			}
		})
	}
}
