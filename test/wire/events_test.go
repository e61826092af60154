package wire

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"texter-graphql/test/harness"
)

// events are a response of server-sent events.
type events struct {
	*http.Response
	lines *bufio.Reader
}

// send sends a GraphQL request by POST, with headers of the form "Name: value".
func send(t *testing.T, p *harness.Process, document string, headers ...string) *events {
	t.Helper()
	body := strings.NewReader(subscribe("", document)[len(`{"id":"","type":"subscribe","payload":`):])
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("GraphQL"), io.LimitReader(body, body.Size()-1))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return do(t, r, headers...)
}

func do(t *testing.T, r *http.Request, headers ...string) *events {
	t.Helper()
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return &events{res, bufio.NewReader(res.Body)}
}

const acceptEvents = "Accept: text/event-stream"

// subscribeEvents subscribes to the feed.
func subscribeEvents(t *testing.T, p *harness.Process, headers ...string) *events {
	t.Helper()
	e := send(t, p, feed, append(headers, acceptEvents)...)
	e.assertHead(t)
	return e
}

func (e *events) assertHead(t *testing.T) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "private, no-store", "X-Accel-Buffering": "no",
		"Content-Encoding": "", "X-Content-Type-Options": "nosniff",
	} {
		if got := e.Header.Get(name); got != want || e.StatusCode != 200 {
			t.Fatalf("%s, %s is %q", e.Status, name, got)
		}
	}
}

// line reads a line, without its end.
func (e *events) line(t *testing.T) string {
	t.Helper()
	line, err := e.lines.ReadString('\n')
	if err != nil {
		t.Fatalf("%v after %q", err, line)
	}
	return strings.TrimSuffix(line, "\n")
}

// next reads an event with a response, and returns that.
func (e *events) next(t *testing.T) (data string) {
	t.Helper()
	if line := e.line(t); line != "event: next" {
		t.Fatalf("got %q", line)
	}
	for line := e.line(t); line != ""; line = e.line(t) {
		part, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			t.Fatalf("got %q", line)
		}
		data += part
	}
	return data
}

// complete reads the last event, and the end.
func (e *events) complete(t *testing.T) {
	t.Helper()
	rest, err := io.ReadAll(e.lines)
	if string(rest) != "event: complete\ndata:\n\n" || err != nil {
		t.Fatalf("got %q, %v", rest, err)
	}
}

func TestEvents(t *testing.T) {
	p := start(t, "SANDBOX_TRAFFIC=0", "CORS_ORIGINS=https://app.example")
	t.Run("a subscription by POST is a stream", func(t *testing.T) {
		if data := subscribeEvents(t, p, "Accept-Encoding: gzip").next(t); !strings.HasPrefix(data, `{"data":{"chatsChanged":{"cursor":`) {
			t.Errorf("got %s", data)
		}
	})
	t.Run("a subscription by GET is a stream", func(t *testing.T) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL("GraphQL")+"?query="+url.QueryEscape(feed), http.NoBody)
		e := do(t, r, acceptEvents, "Sec-Fetch-Site: same-origin")
		e.assertHead(t)
		e.next(t)
	})
	t.Run("a forged GET is refused", func(t *testing.T) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL("GraphQL")+"?query="+url.QueryEscape(feed), http.NoBody)
		if e := do(t, r, acceptEvents, "Sec-Fetch-Site: cross-site", "Origin: null"); e.StatusCode != 400 {
			t.Errorf("got %s", e.Status)
		}
	})
	t.Run("a comment comes every 12 seconds, and the stream outlives the timeout for reading requests", func(t *testing.T) {
		t.Parallel()
		e := subscribeEvents(t, p)
		e.next(t)
		for range 2 {
			if line, empty := e.line(t), e.line(t); line != ":" || empty != "" {
				t.Errorf("got %q %q", line, empty)
			}
		}
	})
	const invalid, mutation = `{ nothing }`, `mutation { nothing }`
	for name, test := range map[string]struct {
		document, accept string
		status           int
		mediaType        string
	}{
		"a subscription, and events":              {feed, "text/event-stream", 200, "text/event-stream"},
		"a subscription, and events among others": {feed, "application/json, text/event-stream", 200, "text/event-stream"},
		"a subscription, and anything":            {feed, "*/*", 200, "text/event-stream"},
		"a subscription, and any text":            {feed, "text/*", 200, "text/event-stream"},
		"a subscription, and JSON":                {feed, "application/json", 406, "application/json"},
		"a subscription, and no events":           {feed, "*/*, text/event-stream;q=0", 406, "application/json"},
		"a query, and JSON":                       {query, "application/json", 200, "application/json"},
		"a query, and both":                       {query, "application/graphql-response+json, text/event-stream", 200, "application/graphql-response+json"},
		"a query, and anything":                   {query, "*/*", 200, "application/json"},
		"a query, and events":                     {query, "text/event-stream", 200, "text/event-stream"},
		"an invalid document, and JSON":           {invalid, "application/json", 200, "application/json"},
		"an invalid document, and both":           {invalid, "text/event-stream, application/graphql-response+json", 400, "application/graphql-response+json"},
		"an invalid document, and events":         {invalid, "text/event-stream", 200, "text/event-stream"},
		"an invalid subscription, and events":     {`subscription { nothing }`, "text/event-stream", 200, "text/event-stream"},
		"a mutation that is invalid, and events":  {mutation, "text/event-stream", 200, "text/event-stream"},
		"anything, and neither":                   {query, "image/png", 406, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			e := send(t, p, test.document, "Accept: "+test.accept)
			if got := e.Header.Get("Content-Type"); e.StatusCode != test.status || got != test.mediaType+"; charset=utf-8" {
				t.Fatalf("got %s, %s", e.Status, got)
			}
			if test.mediaType != "text/event-stream" || test.document == feed {
				return
			}
			e.assertHead(t)
			if data := e.next(t); strings.Contains(data, `"errors"`) != (test.document != query) {
				t.Errorf("got %s", data)
			}
			e.complete(t)
		})
	}
}
