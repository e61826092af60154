package cache

import (
	"testing"

	"texter-graphql/texter"
)

// keepLabels keeps a number of labels for the credential n.
func keepLabels(s *labelStore, n, labels int) {
	hash := credentialHash{byte(n), byte(n >> 8), byte(n >> 16)}
	f, _ := s.join(hash)
	f.labels = &texter.Labels{Listed: make([]*texter.Label, labels)}
	s.finish(hash, f, true)
}

// hasLabels reports whether the labels of the credential n are kept. They then count
// as used.
func hasLabels(s *labelStore, n int) bool {
	labels, _ := s.kept(credentialHash{byte(n), byte(n >> 8), byte(n >> 16)})
	return labels != nil
}

// TestKeptLabelsAreBounded holds that the labels of all credentials together are no
// more than may be kept, and that those that were used last stay.
func TestKeptLabelsAreBounded(t *testing.T) {
	const third = maxKeptLabels/3 - 1
	t.Run("the labels that were used last stay", func(t *testing.T) {
		s := newLabelStore()
		for n := range 3 {
			keepLabels(s, n, third)
		}
		if !hasLabels(s, 0) {
			t.Error("labels are gone although there is room")
		}
		keepLabels(s, 3, third)
		if !hasLabels(s, 0) || hasLabels(s, 1) || !hasLabels(s, 2) || !hasLabels(s, 3) {
			t.Error("others than those that were not used are gone")
		}
	})
	t.Run("labels that replace others count once", func(t *testing.T) {
		s := newLabelStore()
		keepLabels(s, 0, third)
		for range 9 {
			keepLabels(s, 1, third)
		}
		if !hasLabels(s, 0) || s.count != 2*(third+1) {
			t.Errorf("%d labels are counted", s.count)
		}
	})
	t.Run("a list that is longer than all may be drops no other", func(t *testing.T) {
		s := newLabelStore()
		keepLabels(s, 0, 1)
		keepLabels(s, 1, maxKeptLabels)
		if !hasLabels(s, 0) || hasLabels(s, 1) {
			t.Error("it is kept, or has dropped another one")
		}
	})
	t.Run("empty lists are bounded too", func(t *testing.T) {
		s := newLabelStore()
		for n := range maxKeptLabels + 1 {
			keepLabels(s, n, 0)
		}
		if hasLabels(s, 0) || !hasLabels(s, 1) {
			t.Error("the first one is still kept, or more are gone")
		}
	})
}
