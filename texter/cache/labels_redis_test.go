package cache_test

import (
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter/cache"
)

// TestLabelsInRedis holds that instances share labels by Redis, each for its
// credential and for LabelsTTL.
func TestLabelsInRedis(t *testing.T) {
	r := startRedis(t)
	newShared := func(t *testing.T) (*instance, *tally) {
		return newLabelCache(t, func(o *cache.Options) {
			r.share(o)
			o.LabelsTTL = time.Hour
		})
	}
	one, outcomes := newShared(t)
	want := one.labels("a", outcomes, cache.Miss)
	one.WaitForSaves()
	for name, value := range r.values() {
		if strings.Contains(name+value, "VIP") {
			t.Errorf("%s can be read: %q", name, value)
		}
	}
	t.Run("another instance has the labels of the credential without a call", func(t *testing.T) {
		before := r.values()
		i, outcomes := newShared(t)
		if got := i.labels("a", outcomes, cache.Redis); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got.Listed)
		}
		i.labels("a", outcomes, cache.Hit)
		i.expectRequests(0)
		i.WaitForSaves()
		if !maps.Equal(r.values(), before) {
			t.Error("they were saved again")
		}
	})
	t.Run("another credential has its own", func(t *testing.T) {
		i, outcomes := newShared(t)
		i.labels("b", outcomes, cache.Miss)
	})
	t.Run("labels that are too old are asked for again", func(t *testing.T) {
		i, outcomes := newLabelCache(t, func(o *cache.Options) {
			r.share(o)
			o.LabelsTTL = time.Nanosecond
		})
		i.labels("a", outcomes, cache.Miss)
	})
	t.Run("labels in the second half of their time answer, but Texter is asked for newer ones", func(t *testing.T) {
		i, outcomes := newShared(t)
		i.SaveBody(t.Context(), "d", cache.LabelsQuery, []byte(`{"total":0,"labels":[]}`), 31*time.Minute)
		i.labels("d", outcomes, cache.Redis)
		i.labels("d", outcomes, cache.Hit)
		i.WaitForSaves()
		if i.expectRequests(1); len(i.labels("d", outcomes, cache.Hit).Listed) == 0 {
			t.Error("it has those of before")
		}
	})
	t.Run("labels that can't be read are asked for, and replaced", func(t *testing.T) {
		i, outcomes := newShared(t)
		i.SaveBody(t.Context(), "c", cache.LabelsQuery, []byte("not JSON"), 0)
		i.labels("c", outcomes, cache.Miss)
		i.WaitForSaves()
		i, outcomes = newShared(t)
		i.labels("c", outcomes, cache.Redis)
	})
	t.Run("a refused credential has none any more", func(t *testing.T) {
		i, _ := newLabelCache(t, func(o *cache.Options) {
			r.share(o)
			o.LabelsTTL = time.Nanosecond
		})
		i.answer(http.StatusForbidden)
		if _, err := i.Labels(as(t, "a")); err == nil {
			t.Fatal("there was no refusal")
		}
		i.WaitForSaves()
		j, outcomes := newShared(t)
		j.labels("a", outcomes, cache.Miss)
	})
}
