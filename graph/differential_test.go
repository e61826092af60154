package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/fast"
	"texter-graphql/graph/transport"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
)

// bothLanes are two handlers with one upstream: the first one has the fast lane, the
// second one only the ordinary lane.
type bothLanes struct {
	fallbacks atomic.Int64 // connections that the first handler wrote by the ordinary lane
	client    *texter.Client
	handlers  [2]http.Handler
	body      []byte // of the upstream's responses
	noLabels  bool   // whether the labels can't be read
}

func newBothLanes(tb testing.TB) *bothLanes {
	tb.Helper()
	l := new(bothLanes)
	client, err := texter.NewClient(texter.Options{
		BaseURL:   "https://texter.example/api",
		Token:     func(context.Context) (string, error) { return "token", nil },
		Transport: l,
		Reuse:     true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	l.client = client
	o := Options{Searcher: client, Labels: l, Logger: slog.New(slog.DiscardHandler)}
	e := newExecutor(o)
	e.fast = fast.NewLane(e.schema, func() { l.fallbacks.Add(1) })
	l.handlers = [2]http.Handler{newServer(o, inPieces{e}), newServer(o, newExecutor(o))}
	return l
}

// inPieces sends about every other response in pieces, and checks what is said of its
// size.
type inPieces struct{ *executor }

func (p inPieces) Prepare(ctx context.Context, params *graphql.RawParams) (transport.Operation, gqlerror.List) {
	o, errs := p.executor.Prepare(ctx, params)
	return operationInPieces{o.(*operation)}, errs
}

func (p inPieces) Refuse(ctx context.Context, o transport.Operation, errs gqlerror.List) *transport.Response {
	if o, ok := o.(operationInPieces); ok {
		return p.executor.Refuse(ctx, o.operation, errs)
	}
	return p.executor.Refuse(ctx, nil, errs)
}

type operationInPieces struct{ *operation }

func (o operationInPieces) Execute(ctx context.Context) iter.Seq[*transport.Response] {
	return func(yield func(*transport.Response) bool) {
		for response := range o.operation.Execute(ctx) {
			if o.prepared.Cost.Requested%2 == 0 {
				response.WholeSize = 1
				checkSize(response.Data)
			}
			if !yield(response) {
				return
			}
		}
	}
}

// checkSize panics if the size of data is wrong, or above its bound.
func checkSize(data transport.Data) {
	if data == nil {
		return
	}
	n := len(data.AppendJSON(nil, math.MaxInt, nil))
	bound, isExact := data.Bound()
	if data.Size() != n || bound < n || isExact && bound != n {
		panic(fmt.Sprintf("%d bytes, of which the size is %d and the bound is %d", n, data.Size(), bound))
	}
}

// RoundTrip is the upstream.
func (l *bothLanes) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(l.body)), ContentLength: int64(len(l.body))}, nil
}

// Labels implements texter.LabelSource. It knows some of the labels of
// newRandomPage.
func (l *bothLanes) Labels(context.Context) (*texter.Labels, error) {
	if l.noLabels {
		return nil, &texter.Error{Cause: texter.CauseForbidden}
	}
	return texter.NewLabels([]*texter.Label{
		{ID: "", Name: new("none")}, {ID: "a", Name: new("A \"label\"\n\u2028")}, {ID: "a", Name: new("the same id")},
		{ID: "b", Color: new("#2CCCE4"), System: new(true)}, {ID: "VIP", Name: new("תלונה"), Color: new("#555555"), System: new(false)},
	}), nil
}

// responses returns the responses of both handlers to a request.
func (l *bothLanes) responses(tb testing.TB, document string, variables map[string]any) (responses [2]string) {
	tb.Helper()
	request, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		tb.Fatal(err)
	}
	for i, handler := range l.handlers {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(request))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(requestid.Header, "r-1")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		if size := recorder.Header().Get("Content-Length"); size != "" && size != strconv.Itoa(recorder.Body.Len()) {
			tb.Fatalf("the response has %d bytes, but its head says %s\noperation: %s", recorder.Body.Len(), size, document)
		}
		responses[i] = sortErrors(tb, recorder.Body.Bytes())
	}
	return responses
}

// sortErrors sorts the errors of a response, whose order changes because root
// fields are resolved at the same time. The bytes of the data do not change.
func sortErrors(tb testing.TB, response []byte) string {
	tb.Helper()
	var r struct {
		Data   json.RawMessage
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(response, &r); err != nil {
		tb.Fatalf("%v: %s", err, response)
	}
	slices.SortFunc(r.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	return fmt.Sprintf("data: %s errors: %s", r.Data, r.Errors)
}

// compare makes an operation and rows from a seed, and fails if the responses
// differ. It reports whether they have chats.
func (l *bothLanes) compare(tb testing.TB, seed uint64) bool {
	tb.Helper()
	random := rand.New(rand.NewPCG(seed, 2))
	document, variables := newRandomOperation(random)
	l.body, l.noLabels = newRandomPage(random), random.IntN(4) == 0
	responses := l.responses(tb, document, variables)
	if responses[0] != responses[1] {
		tb.Fatalf("seed %d: the responses differ\noperation: %s\nvariables: %v\nupstream: %q\nfast:     %s\nordinary: %s",
			seed, document, variables, l.body, responses[0], responses[1])
	}
	return (l.noLabels || strings.HasSuffix(responses[0], "errors: []")) && bytes.Contains(l.body, []byte("_id"))
}

var operations = flag.Uint64("operations", 1000, "how many operations TestFastEncodingIsTheOrdinaryOne compares")

// TestFastEncodingIsTheOrdinaryOne compares the lanes by random operations and
// rows. Seed by seed, FuzzFastEncoding does the same.
func TestFastEncodingIsTheOrdinaryOne(t *testing.T) {
	l := newBothLanes(t)
	withChats := uint64(0)
	for seed := range *operations {
		if l.compare(t, seed) {
			withChats++
		}
	}
	t.Logf("%d of %d responses have chats", withChats, *operations)
	if withChats < *operations/2 {
		t.Error("too many responses have only errors")
	}
	if n := l.fallbacks.Load(); n > 0 {
		t.Errorf("the fast lane left %d connections to the ordinary lane", n)
	}
}

func FuzzFastEncoding(f *testing.F) {
	l := newBothLanes(f)
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { l.compare(t, seed) })
}
