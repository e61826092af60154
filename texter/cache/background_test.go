package cache

import (
	"testing"
	"testing/synctest"
)

// TestStopOfWork holds which work is stopped when all is canceled.
func TestStopOfWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBackground(), make(chan struct{})
		stopped := map[string]bool{}
		b.start(func() {}, func() { stopped["ended"] = true })
		synctest.Wait()
		b.start(func() { <-end }, func() { stopped["running"] = true; close(end) })
		idle := b.close()
		b.cancel()
		<-idle
		synctest.Wait()
		if stopped["ended"] || !stopped["running"] {
			t.Errorf("what was stopped: %v", stopped)
		}
	})
}
