package feed

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"

	"texter-graphql/texter/sandbox"
)

// selection is what a viewer reads of a chat, and how the same follows from a row of
// the search.
type selection struct {
	fields string
	want   func(h *history, row map[string]any) map[string]any
}

var statuses = []string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK"}

var selections = []selection{
	{"now: status unread: unreadCount account: channel { accountId }", func(_ *history, row map[string]any) map[string]any {
		account := row["channelInfo"].(map[string]any)["accountId"]
		return map[string]any{"now": statuses[int(row["status"].(float64))], "unread": row["unreadCount"], "account": map[string]any{"accountId": account}}
	}},
	{"labels { id name } unreadCount", func(h *history, row map[string]any) map[string]any {
		labels := []any{}
		ids, _ := row["labels"].([]any)
		for _, id := range ids {
			label := map[string]any{"id": id, "name": nil}
			if i := slices.IndexFunc(h.inbox.Labels(), func(l sandbox.Label) bool { return l.ID == id }); i >= 0 {
				label["name"] = h.inbox.Labels()[i].Name
			}
			labels = append(labels, label)
		}
		return map[string]any{"labels": labels, "unreadCount": row["unreadCount"]}
	}},
	{"raw", func(_ *history, row map[string]any) map[string]any { return map[string]any{"raw": row} }},
}

// filter is a filter in GraphQL, and the same in a search of Texter's API.
type filter struct{ graphql, query string }

var filters = []filter{
	{"null", ""},
	{"{statuses: [PENDING, ASSIGNED]}", "statuses[]=PENDING&statuses[]=ASSIGNED&"},
	{"{showNoMessages: true}", "showNoMessages=1&"},
	{"{labels: [\"VIP\", \"refund\"]}", "labels[]=VIP&labels[]=refund&"},
}

// row is a chat in a list.
type row struct {
	id      string
	version int    // how many changes the inbox had had at the last change of the chat
	fields  string // what the viewer reads of it, as JSON with sorted names
}

func newRow(id string, crmData any, fields map[string]any) row {
	text, _ := json.Marshal(fields)
	version := crmData.(map[string]any)["version"].(float64)
	return row{id, int(version), string(text)}
}

// list returns what the inbox has for a filter: the newest rows, and the number of all.
func (h *history) list(f filter, s selection) (rows []row, total int) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, sandbox.BasePath+"/chats/search?"+f.query+"limit="+strconv.Itoa(window), nil)
	r.Header.Set("Authorization", "Bearer "+h.token)
	h.inbox.ServeHTTP(w, r)
	var page struct {
		Data  []map[string]any
		Total int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
		h.w.t.Errorf("%v: %s", err, w.Body)
	}
	for _, chat := range page.Data {
		rows = append(rows, newRow(chat["_id"].(string), chat["crmData"], s.want(h, chat)))
	}
	return rows, page.Total
}
