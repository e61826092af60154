// Package webhook receives the webhooks of Texter. They only wake the live feed up:
// nothing of what they hold is shown to anybody, so that a false one does no harm.
package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

// Path is where webhooks are sent to. The secret can follow as one more segment.
const Path = "/webhooks/texter"

// maxBody is the largest body of a webhook that is read, in bytes.
const maxBody = 256 << 10

// Options configure a handler.
type Options struct {
	// Secret returns what a webhook has to bring. It is not empty.
	Secret func() string
	// Notify gets each webhook that is about a chat. It must not wait.
	Notify func(live.Event)
	// Received is told of each request: whether it had the secret, and was read; may
	// be nil.
	Received func(outcome Outcome)
}

// Outcome is what became of a request.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted" // it is about a chat
	Ignored  Outcome = "ignored"  // it is about something else
	Refused  Outcome = "refused"  // it has not the secret
	Invalid  Outcome = "invalid"  // it can't be read
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{Accepted, Ignored, Refused, Invalid}

// Handler receives webhooks by POST at Path. The secret is the bearer token of the
// header Authorization, or the last segment of the path where Texter can set no header.
// The response is 204; 401 without the secret, 400 if the body can't be read, 413 if it
// is too large.
func Handler(o Options) http.Handler {
	if o.Received == nil {
		o.Received = func(Outcome) {}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, outcome := o.receive(w, r)
		o.Received(outcome)
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		w.WriteHeader(status)
	})
}

func (o Options) receive(w http.ResponseWriter, r *http.Request) (status int, outcome Outcome) {
	if !isSame(secretOf(r), o.Secret()) {
		return http.StatusUnauthorized, Refused
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return http.StatusRequestEntityTooLarge, Invalid
	}
	event, err := parse(body)
	switch {
	case err != nil:
		return http.StatusBadRequest, Invalid
	case event.ChatID == "":
		return http.StatusNoContent, Ignored
	}
	o.Notify(event)
	return http.StatusNoContent, Accepted
}

// secretOf returns what a request brings for a secret.
func secretOf(r *http.Request) string {
	if segment := strings.TrimPrefix(r.URL.Path, Path+"/"); segment != r.URL.Path {
		return segment
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// isSame compares secrets in a time that does not depend on them.
func isSame(a, b string) bool {
	hashA, hashB := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(hashA[:], hashB[:]) == 1
}

// parse reads a webhook as Texter's API reference has it. What the event does not need,
// or what has another type, is left out.
func parse(body []byte) (live.Event, error) {
	var message struct {
		EventData struct {
			Chat map[string]json.RawMessage `json:"chat"`
		} `json:"eventData"`
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return live.Event{}, err
	}
	chat := message.EventData.Chat
	var e live.Event
	_ = json.Unmarshal(chat["_id"], &e.ChatID)
	if json.Unmarshal(chat["status"], &e.Status) != nil {
		e.Status = nil
	}
	if json.Unmarshal(chat["labels"], &e.LabelIDs) != nil {
		e.LabelIDs = nil
	}
	var channel struct{ Name, AccountID string }
	_ = json.Unmarshal(chat["channelInfo"], &channel)
	if channel.Name != "" && channel.AccountID != "" {
		e.Channel = &texter.ChannelFilter{Name: texter.ChannelName(channel.Name), AccountID: channel.AccountID}
	}
	return e, nil
}
