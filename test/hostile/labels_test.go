package hostile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// labelling stands in for Texter's API. It has 30 chats with two labels each, and
// another answer for labels in each test.
type labelling struct {
	url             string
	labels          http.HandlerFunc
	searches, calls atomic.Int64 // requests for chats, and for labels
}

func newLabelling(t *testing.T, labels http.HandlerFunc) *labelling {
	t.Helper()
	x := &labelling{labels: labels}
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

func (x *labelling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/labels") {
		x.calls.Add(1)
		x.labels(w, r)
		return
	}
	x.searches.Add(1)
	var rows []string
	for i := range 30 {
		rows = append(rows, fmt.Sprintf(`{"_id":"%d","title":"Noa %d","labels":["VIP","L%d"]}`, i, i, i))
	}
	fmt.Fprintf(w, `{"data":[%s],"total":30}`, strings.Join(rows, ","))
}

// labelled is a label of a chat in a response.
type labelled struct {
	ID          string
	Name, Color *string
}

// labelledResponse is the response to namesDocument.
type labelledResponse struct {
	Data struct {
		SearchChats struct {
			TotalCount int
			Nodes      []struct {
				ID, Title string
				LabelIDs  []string
				Labels    []labelled
			}
		}
	}
	Errors []struct {
		Path       []any
		Extensions struct{ Code string }
	}
}

const namesDocument = `{ searchChats { totalCount nodes { id title labelIds labels { id name color } } } }`

// names asks for the chats and the names of their labels. It fails unless all
// chats are whole.
func (p *program) names(t *testing.T) (response labelledResponse) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("GraphQL"), strings.NewReader(operation(namesDocument, nil)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer caller")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &response); err != nil || bytes.Contains(body, []byte("canary")) {
		t.Fatalf("%v: %.300s", err, body)
	}
	chats := response.Data.SearchChats
	if chats.TotalCount != 30 || len(chats.Nodes) != 30 {
		t.Fatalf("got %.300s", body)
	}
	for i, chat := range chats.Nodes {
		own := fmt.Sprint("L", i)
		if chat.ID != fmt.Sprint(i) || chat.Title != fmt.Sprint("Noa ", i) || fmt.Sprint(chat.LabelIDs) != "[VIP "+own+"]" ||
			len(chat.Labels) != 2 || chat.Labels[0].ID != "VIP" || chat.Labels[1].ID != own {
			t.Fatalf("chat %d is %+v", i, chat)
		}
	}
	return response
}

// respond answers a request for labels with a body.
func respond(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// TestStrangeLabels lets Texter's answers about labels be wrong in every way. Each
// page of chats is whole, and has one error at most.
func TestStrangeLabels(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "canary")
		}
	}
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf(`{"id":"L%d","name":"Name %d"}`, i, i)
	}
	vip, gold := "Very important", "#FFD700"
	known := labelled{"VIP", &vip, &gold}
	for name, test := range map[string]struct {
		labels http.HandlerFunc
		code   string   // of the one error; empty for none
		first  labelled // the first label of each chat
	}{
		"good labels":              {respond(`{"total":1,"labels":[{"id":"VIP","name":"Very important","color":"#FFD700"}]}`), "", known},
		"status 401":               {status(401), "UNAUTHENTICATED", labelled{ID: "VIP"}},
		"status 403":               {status(403), "FORBIDDEN", labelled{ID: "VIP"}},
		"status 429":               {status(429), "RATE_LIMITED", labelled{ID: "VIP"}},
		"status 500":               {status(500), "UPSTREAM_UNAVAILABLE", labelled{ID: "VIP"}},
		"HTML":                     {respond(`<html>canary</html>`), "UPSTREAM_INVALID_RESPONSE", labelled{ID: "VIP"}},
		"a name that is an object": {respond(`{"total":1,"labels":[{"id":"VIP","name":{"canary":1}}]}`), "UPSTREAM_INVALID_RESPONSE", labelled{ID: "VIP"}},
		"silence":                  {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "UPSTREAM_TIMEOUT", labelled{ID: "VIP"}},
		"labels without an end": {func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"total":1000000,"labels":[{"id":"canary%s"}]}`, r.URL.Query().Get("skip"))
		}, "UPSTREAM_INVALID_RESPONSE", labelled{ID: "VIP"}},
		"a total that is too high": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("skip") != "" {
				respond(`{"total":5,"labels":[]}`)(w, r)
				return
			}
			respond(`{"total":5,"labels":[{"id":"VIP","name":"Very important","color":"#FFD700"}]}`)(w, r)
		}, "", known},
		"10,000 labels":           {respond(`{"total":10000,"labels":[` + strings.Join(many, ",") + `]}`), "", labelled{ID: "VIP"}},
		"one label twice":         {respond(`{"total":2,"labels":[{"id":"VIP","name":"Very important","color":"#FFD700"},{"id":"VIP","name":"another"}]}`), "", known},
		"labels without an id":    {respond(`{"total":3,"labels":[{"name":"x"},null,{"id":"VIP","name":"Very important","color":"#FFD700"}]}`), "", known},
		"a color that is script":  {respond(`{"total":1,"labels":[{"id":"VIP","name":"Very important","color":"</style><script>canary"}]}`), "", labelled{"VIP", &vip, nil}},
		"a body of 100 MB":        {respondForever, "UPSTREAM_INVALID_RESPONSE", labelled{ID: "VIP"}},
		"a body that breaks off":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "UPSTREAM_UNAVAILABLE", labelled{ID: "VIP"}},
		"a redirect to elsewhere": {http.RedirectHandler("http://127.0.0.1:1/canary", http.StatusFound).ServeHTTP, "UPSTREAM_INVALID_RESPONSE", labelled{ID: "VIP"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, nil, "-texter-url", newLabelling(t, test.labels).url, "-texter-timeout", "2s")
			response := p.names(t)
			want, _ := json.Marshal(test.first)
			for _, chat := range response.Data.SearchChats.Nodes {
				if got, _ := json.Marshal(chat.Labels[0]); !bytes.Equal(got, want) {
					t.Fatalf("a label is %s, want %s", got, want)
				}
			}
			switch {
			case test.code == "" && len(response.Errors) > 0:
				t.Errorf("got %+v", response.Errors)
			case test.code != "" && (len(response.Errors) != 1 || response.Errors[0].Extensions.Code != test.code ||
				fmt.Sprint(response.Errors[0].Path) != "[searchChats nodes 0 labels 0 name]"):
				t.Errorf("got %+v, want one %s", response.Errors, test.code)
			}
		})
	}
}

// respondForever sends labels until the service hangs up.
func respondForever(w http.ResponseWriter, _ *http.Request) {
	_, err := io.WriteString(w, `{"total":1,"labels":[{"id":"VIP","name":"`)
	for part := strings.Repeat("x", 1<<20); err == nil; {
		_, err = io.WriteString(w, part)
	}
}

// TestCallsForLabels counts what Texter is asked for a page with names.
func TestCallsForLabels(t *testing.T) {
	x := newLabelling(t, respond(`{"total":1,"labels":[{"id":"VIP","name":"Very important"}]}`))
	p := start(t, nil, "-texter-url", x.url)
	for pages := int64(1); pages <= 3; pages++ {
		p.names(t)
		if x.searches.Load() != pages || x.calls.Load() != 1 {
			t.Errorf("after %d pages Texter was asked for chats %d times and for labels %d times", pages, x.searches.Load(), x.calls.Load())
		}
	}
}
