package graph_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"testing"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// answering is the base URL of an upstream that always gives the same answer.
func answering(t *testing.T, body []byte) string {
	t.Helper()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	t.Cleanup(upstream.Close)
	return upstream.URL
}

func decoded(t *testing.T, text []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// TestDocumentedSamples serves the two samples of Texter's API reference and
// looks at every field that comes back.
func TestDocumentedSamples(t *testing.T) {
	searchResponse := readFile(t, "../texter/testdata/search-response.json")
	chatObject := readFile(t, "../texter/testdata/chat-object.json")
	var search struct{ Data []json.RawMessage }
	if err := json.Unmarshal(searchResponse, &search); err != nil {
		t.Fatal(err)
	}
	for name, sample := range map[string]struct{ answer, row []byte }{
		"search-response": {searchResponse, search.Data[0]},
		"chat-object":     {append(append([]byte(`{"total":1,"data":[`), chatObject...), `]}`...), chatObject},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, answering(t, sample.answer))
			type data struct {
				SearchChats struct {
					TotalCount int
					PageInfo   struct{ HasPreviousPage, HasNextPage bool }
					Nodes      []map[string]any
				}
			}
			got := query[data](t, s, string(readFile(t, "testdata/all-fields.graphql")), nil).SearchChats
			if got.TotalCount != 1 || len(got.Nodes) != 1 || got.PageInfo.HasNextPage || got.PageInfo.HasPreviousPage {
				t.Fatalf("one chat in all, but got %+v", got)
			}
			chat := got.Nodes[0]
			if !reflect.DeepEqual(chat["raw"], decoded(t, sample.row)) {
				t.Errorf("raw is not the row: %v", chat["raw"])
			}
			delete(chat, "raw")
			want := decoded(t, readFile(t, "testdata/"+name+".want.json")).(map[string]any)
			for field, value := range want {
				if !reflect.DeepEqual(chat[field], value) {
					t.Errorf("%s is %v, want %v", field, chat[field], value)
				}
			}
			if len(chat) != len(want) {
				t.Errorf("%d fields came back, want %d", len(chat), len(want))
			}
		})
	}
}

// TestOpenEnums shows that a value that Texter adds breaks nothing.
func TestOpenEnums(t *testing.T) {
	s := newService(t, answering(t, []byte(`{"total":3,"data":[
		{"_id":"a","status":7,"channelInfo":{"name":"telegram","id":"1","accountId":"2"}},
		{"_id":"b","status":-1,"channel":"sms"},
		{"_id":"c"}]}`)))
	got := query[any](t, s, `{ searchChats { nodes { status statusCode channel { name rawName } labels } } }`, nil)
	want := decoded(t, []byte(`{"searchChats":{"nodes":[
		{"status":null,"statusCode":7,"channel":{"name":null,"rawName":"telegram"},"labels":[]},
		{"status":null,"statusCode":-1,"channel":{"name":"SMS","rawName":"sms"},"labels":[]},
		{"status":null,"statusCode":null,"channel":null,"labels":[]}]}}`))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
