package sandbox_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter/sandbox"
)

// TestTraffic: each change but a reading is told by a webhook in the documented form,
// with the chat as the search has it then.
func TestTraffic(t *testing.T) {
	documented := []string{"newIncomingMessage", "chatLabelsUpdated", "chatPending", "chatAssigned", "chatResolvedByAgent"}
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.Options{Chats: 50})
		ctx, cancel := context.WithCancel(t.Context())
		before, told := s.Chats(), map[string]int{}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.Run(ctx, sandbox.Traffic{Every: time.Second, Webhook: func(body []byte) {
				var event struct {
					EventName string
					EventData struct{ Chat sandbox.Chat }
				}
				if err := json.Unmarshal(body, &event); err != nil {
					t.Error(err)
				}
				told[event.EventName]++
				if !slices.ContainsFunc(s.Chats(), func(c sandbox.Chat) bool {
					return c.ID == event.EventData.Chat.ID && c.Status == event.EventData.Chat.Status
				}) {
					t.Errorf("%s tells of a chat that is not there: %s", event.EventName, body)
				}
			}})
		}()
		time.Sleep(10 * time.Minute)
		cancel()
		<-ended
		if len(s.Chats()) <= len(before) {
			t.Error("nobody new has written")
		}
		for _, name := range documented {
			if told[name] == 0 {
				t.Errorf("nothing was told of %s", name)
			}
			delete(told, name)
		}
		if len(told) > 0 {
			t.Errorf("webhooks that are not expected: %v", told)
		}
	})
}
