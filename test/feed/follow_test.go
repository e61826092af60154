package feed

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// batch is a batch of changes.
type batch struct {
	Cursor     string
	TotalCount int
	Changes    []struct {
		Type   string `json:"__typename"`
		Edge   struct{ Node node }
		Index  int
		Chat   node
		ChatID string
		Reason string
	}
}

// subscription is the request of the viewer's feed, as JSON.
func (v *viewer) subscription() []byte {
	const document = `subscription ($since: String) { chatsChanged(filter: %s, since: $since) { cursor totalCount changes { __typename
		... on ChatEntered { edge { node { ...row } } index } ... on ChatUpdated { chat { ...row } } ... on ChatLeft { chatId } ... on ChatsReset { reason } } } } %s`
	body, _ := json.Marshal(map[string]any{"query": fmt.Sprintf(document, v.filter.graphql, v.fragment()), "variables": map[string]any{"since": v.cursor}})
	return body
}

// follow follows the list from the last cursor on, until the connection or ctx ends.
func (v *viewer) follow(ctx context.Context) error {
	if v.socket {
		return v.followSocket(ctx)
	}
	return v.followEvents(ctx)
}

// followEvents follows the list over SSE.
func (v *viewer) followEvents(ctx context.Context) error {
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, v.h.w.url(v.instance)+"/graphql", bytes.NewReader(v.subscription()))
	r.Header = v.headers()
	r.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		v.errorf("a subscription gets %s", res.Status)
	}
	event := ""
	for lines := bufio.NewReader(res.Body); ; {
		v.reading.Lock()
		v.reading.Unlock() //nolint:staticcheck // it waits while the viewer is slow
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		switch value = strings.TrimPrefix(value, " "); {
		case name == "event":
			event = value
		case name == "data" && event == "next":
			v.receive([]byte(value))
		case name == "data" && event == "complete":
			v.errorf("the feed is complete")
			return io.EOF
		}
	}
}

// followSocket follows the list over a WebSocket.
func (v *viewer) followSocket(ctx context.Context) error {
	dialer := ws.Dialer{Protocols: []string{"graphql-transport-ws"}}
	conn, _, _, err := dialer.Dial(ctx, "ws"+strings.TrimPrefix(v.h.w.url(v.instance), "http")+"/graphql")
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	for _, message := range []string{
		fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, v.h.token),
		fmt.Sprintf(`{"type":"subscribe","id":"feed","payload":%s}`, v.subscription()),
	} {
		if err := wsutil.WriteClientText(conn, []byte(message)); err != nil {
			return err
		}
		if strings.Contains(message, "connection_init") {
			if text, err := wsutil.ReadServerText(conn); err != nil || string(text) != `{"type":"connection_ack"}` {
				return fmt.Errorf("in place of the ack: %s, %w", text, err)
			}
		}
	}
	for {
		v.reading.Lock()
		v.reading.Unlock() //nolint:staticcheck // it waits while the viewer is slow
		text, err := wsutil.ReadServerText(conn)
		if err != nil {
			return err
		}
		var message struct {
			Type    string
			Payload json.RawMessage
		}
		if err := json.Unmarshal(text, &message); err != nil || message.Type != "next" {
			v.errorf("a message is %s", text)
			return io.EOF
		}
		v.receive(message.Payload)
	}
}

// receive applies a batch, as the schema says.
func (v *viewer) receive(body []byte) {
	var r response
	if err := json.Unmarshal(body, &r); err != nil || r.Data.ChatsChanged == nil || len(r.Errors) > 0 {
		v.errorf("a batch is %s", body)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var left []string
	batch := r.Data.ChatsChanged
	for _, c := range batch.Changes {
		switch c.Type {
		case "ChatLeft":
			v.drop(c.ChatID)
			left = append(left, c.ChatID)
		case "ChatUpdated":
			updated := c.Chat.row()
			for i := range v.rows {
				if v.rows[i].id == updated.id {
					v.rows[i] = updated
				}
			}
		case "ChatEntered":
			entered := c.Edge.Node.row()
			if v.drop(entered.id); c.Index <= len(v.rows) {
				v.rows = slices.Insert(v.rows, c.Index, entered)
			}
		default:
			v.errorf("%s %s", c.Type, c.Reason)
		}
	}
	v.rows, v.cursor, v.total = v.rows[:min(len(v.rows), batch.TotalCount)], batch.Cursor, batch.TotalCount
	v.check(left)
	select {
	case v.changed <- struct{}{}:
	default:
	}
}

func (v *viewer) drop(id string) {
	v.rows = slices.DeleteFunc(v.rows, func(r row) bool { return r.id == id })
}

// check fails if a batch has shown an older state than the viewer knew: an older chat,
// or one that is back without a change. left are the chats that leave in the batch.
func (v *viewer) check(left []string) {
	for _, r := range v.rows {
		if r.version < v.seen[r.id] {
			v.errorf("chat %s of change %d is shown after change %d", r.id, r.version, v.seen[r.id])
		}
		if r.version == v.left[r.id] {
			v.errorf("chat %s has left and is back without a change", r.id)
		}
		v.see(r)
	}
	for _, id := range left {
		if !slices.ContainsFunc(v.rows, func(r row) bool { return r.id == id }) { // else it has moved
			v.left[id] = v.seen[id]
		}
	}
}

// see remembers the version of a chat.
func (v *viewer) see(r row) { v.seen[r.id] = max(v.seen[r.id], r.version) }
