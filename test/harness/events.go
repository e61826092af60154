package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strings"
)

// Subscription is a subscription over server-sent events.
type Subscription struct {
	URL, Token, Query string
	// Opening is held while the stream is opened, if it is not nil: its capacity is how
	// many may be opened at a time.
	Opening chan struct{}
}

// Events yields the data of the events, until ctx ends. If the stream can't be opened,
// or ends before that, it yields the error at last.
func (s Subscription) Events(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		res, err := s.open(ctx)
		if err != nil {
			if ctx.Err() == nil {
				yield("", err)
			}
			return
		}
		defer res.Body.Close()
		lines := bufio.NewReader(res.Body)
		for {
			line, err := lines.ReadString('\n')
			data, isData := strings.CutPrefix(line, "data: ")
			switch {
			case err != nil && ctx.Err() != nil:
				return
			case err != nil:
				yield("", fmt.Errorf("the stream has ended: %w", err))
				return
			case isData && !yield(data, nil):
				return
			}
		}
	}
}

func (s Subscription) open(ctx context.Context) (*http.Response, error) {
	body, _ := json.Marshal(map[string]string{"query": s.Query}) // strings can be encoded
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}, "Authorization": {"Bearer " + s.Token}}
	if s.Opening != nil {
		s.Opening <- struct{}{}
		defer func() { <-s.Opening }()
	}
	return streams.Do(r)
}

// streams uses each connection once. A connection that a client opens in vain, and uses
// later, may just be closed by the service, which waits a few seconds for a request.
var streams = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
