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

// startUpstream starts an upstream that always sends this body, and returns its
// base URL.
func startUpstream(t *testing.T, body []byte) string {
	t.Helper()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	t.Cleanup(upstream.Close)
	return upstream.URL
}

// decodeJSON returns the value of a JSON text.
func decodeJSON(t *testing.T, text []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// TestDocumentedSamples has the two samples of Texter's API reference, and compares
// every field.
func TestDocumentedSamples(t *testing.T) {
	searchResponse := readFile(t, "../texter/testdata/search-response.json")
	chatObject := readFile(t, "../texter/testdata/chat-object.json")
	var search struct{ Data []json.RawMessage }
	if err := json.Unmarshal(searchResponse, &search); err != nil {
		t.Fatal(err)
	}
	for name, sample := range map[string]struct{ body, row []byte }{
		"search-response": {searchResponse, search.Data[0]},
		"chat-object":     {append(append([]byte(`{"total":1,"data":[`), chatObject...), `]}`...), chatObject},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, startUpstream(t, sample.body))
			type data struct {
				SearchChats struct {
					TotalCount int
					PageInfo   struct{ HasPreviousPage, HasNextPage bool }
					Nodes      []map[string]any
				}
			}
			got := query[data](t, s, string(readFile(t, "testdata/all-fields.graphql")), nil).SearchChats
			if got.TotalCount != 1 || len(got.Nodes) != 1 || got.PageInfo.HasNextPage || got.PageInfo.HasPreviousPage {
				t.Fatalf("want one chat in total, got %+v", got)
			}
			chat := got.Nodes[0]
			if !reflect.DeepEqual(chat["raw"], decodeJSON(t, sample.row)) {
				t.Errorf("raw is not the row: %v", chat["raw"])
			}
			delete(chat, "raw")
			want := decodeJSON(t, readFile(t, "testdata/"+name+".want.json")).(map[string]any)
			for field, value := range want {
				if !reflect.DeepEqual(chat[field], value) {
					t.Errorf("%s is %v, want %v", field, chat[field], value)
				}
			}
			if len(chat) != len(want) {
				t.Errorf("the chat has %d fields, want %d", len(chat), len(want))
			}
		})
	}
}

// TestOpenEnums has values that are not in the schema's enums.
func TestOpenEnums(t *testing.T) {
	s := newService(t, startUpstream(t, []byte(`{"total":3,"data":[
		{"_id":"a","status":7,"channelInfo":{"name":"telegram","id":"1","accountId":"2"}},
		{"_id":"b","status":-1,"channel":"sms"},
		{"_id":"c"}]}`)))
	data := query[map[string]map[string][]any](t, s, `{ searchChats { nodes { status statusCode channel { name rawName } labelIds } } }`, nil)
	for i, test := range []struct{ name, want string }{
		{"an unknown status and an unknown channel are null, beside the raw values", `{"status":null,"statusCode":7,"channel":{"name":null,"rawName":"telegram"},"labelIds":[]}`},
		{"a negative status is unknown, and a channel without channelInfo is known", `{"status":null,"statusCode":-1,"channel":{"name":"SMS","rawName":"sms"},"labelIds":[]}`},
		{"a chat without a status and a channel has null", `{"status":null,"statusCode":null,"channel":null,"labelIds":[]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, want := data["searchChats"]["nodes"][i], decodeJSON(t, []byte(test.want)); !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
