package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// token is the token that the service sends to its upstream.
const token = "canary-token-5f1e"

// service is a running service: HTTP, GraphQL and the client of the REST API.
type service struct {
	url string
	log *bytes.Buffer
}

// newService starts a service for the base URL of an upstream.
func newService(t *testing.T, baseURL string, change ...func(*texter.Options)) service {
	t.Helper()
	options := texter.Options{
		BaseURL: baseURL,
		Token:   func(context.Context) (string, error) { return token, nil },
		Timeout: time.Hour, // no test depends on how fast the machine is
	}
	for _, f := range change {
		f(&options)
	}
	client, err := texter.NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	log := new(bytes.Buffer)
	server := httptest.NewServer(graph.NewHandler(graph.Options{
		Searcher: client,
		Logger:   slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}))
	t.Cleanup(server.Close)
	return service{url: server.URL, log: log}
}

// newSandboxService starts a sandbox, and a service for it.
func newSandboxService(t *testing.T, o sandbox.Options) (service, *sandbox.Server) {
	t.Helper()
	chats := sandbox.New(o)
	upstream := httptest.NewServer(chats)
	t.Cleanup(upstream.Close)
	return newService(t, upstream.URL+sandbox.BasePath), chats
}

// response is a GraphQL response.
type response[T any] struct {
	Data       T              `json:"data"`
	Errors     []gqlError     `json:"errors"`
	Extensions map[string]any `json:"extensions"`
}

type gqlError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

// post sends an operation and returns the body of the response.
func (s service) post(t *testing.T, document string, variables map[string]any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(s.url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	response, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// query sends an operation that must have no error, and returns its data.
func query[T any](t *testing.T, s service, document string, variables map[string]any) T {
	t.Helper()
	var r response[T]
	body := s.post(t, document, variables)
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if len(r.Errors) > 0 {
		t.Fatalf("%s: %v", document, r.Errors)
	}
	return r.Data
}

// fail sends an operation that must have one error, and returns that.
func (s service) fail(t *testing.T, document string, variables map[string]any) gqlError {
	t.Helper()
	var r response[any]
	body := s.post(t, document, variables)
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if len(r.Errors) != 1 {
		t.Fatalf("%s: want one error, got %s", document, body)
	}
	return r.Errors[0]
}
