// Command upstream stands in for Texter's API. It responds to every chat search
// with the same bytes: a page in Texter's form, which it makes at its start. It
// also has the labels of the chats. It does as little as it can, since it shares
// the machine with what is measured.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

func main() {
	rowFile := flag.String("row", "texter/testdata/chat-object.json", "`file` of the chat that rows are made of")
	rows := flag.Int("rows", 30, "how many rows a page has")
	delay := flag.Duration("delay", 0, "how long an answer takes")
	flag.Parse()
	row, err := os.ReadFile(*rowFile)
	if err != nil {
		log.Fatal(err)
	}
	body, err := page(row, *rows)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("REST: http://%s/\n", listener.Addr())
	log.Fatal(http.Serve(listener, newHandler(body, *rows, *delay)))
}

// newHandler responds to every search with the page. At /searches it says how many
// searches there were.
func newHandler(body []byte, rows int, delay time.Duration) http.Handler {
	var searches atomic.Int64
	limit, length := strconv.Itoa(rows), strconv.Itoa(len(body))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /server/api/v2/chats/search", func(w http.ResponseWriter, r *http.Request) {
		searches.Add(1)
		if r.Header.Get("Authorization") == "" || r.FormValue("limit") != limit {
			http.Error(w, "no token, or not the limit that the page was made for", http.StatusBadRequest)
			return
		}
		time.Sleep(delay)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(body)
	})
	mux.HandleFunc("GET /server/api/v2/labels", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, labels)
	})
	mux.HandleFunc("POST /v1/traces", func(_ http.ResponseWriter, r *http.Request) { // OTLP
		_, _ = io.Copy(io.Discard, r.Body)
	})
	mux.HandleFunc("GET /searches", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, searches.Load())
	})
	return mux
}

// labels are the labels that chats have.
const labels = `{"total":2,"labels":[{"id":"VIP","name":"VIP","color":"#D4AF37"},{"id":"refund","name":"החזר כספי","color":"#FF8A65"}]}`

// labelsOfRow are the labels of one chat; the chat object has one.
var labelsOfRow = []string{`[]`, `["VIP"]`, `["VIP","refund"]`}

// page makes a page of rows like this one. Each has another id, other names,
// phone, labels, times, status and count.
func page(row []byte, rows int) ([]byte, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, row); err != nil {
		return nil, err
	}
	names := []string{"Dana Levi", "משה כהן", "Noa Mizrahi", "Олена Шевченко", "José García"}
	newest := time.Date(2025, 11, 1, 15, 48, 11, 0, time.UTC)
	body := []byte(`{"data":[`)
	for i := range rows {
		if i > 0 {
			body = append(body, ',')
		}
		at := newest.Add(-time.Duration(i) * 37 * time.Second)
		body = append(body, strings.NewReplacer(
			`67bf11038b24880cc966f7aa`, fmt.Sprintf("67bf11038b24880c%08x", i*7919),
			`Dana Levi`, names[i%len(names)],
			`972521234567`, fmt.Sprintf("97252%07d", i*7919%1e7),
			`1762012091000`, fmt.Sprint(at.UnixMilli()),
			`1762012090000`, fmt.Sprint(at.Add(-time.Second).UnixMilli()),
			`2025-11-01T15:48:14.076Z`, at.Add(3*time.Second).Format("2006-01-02T15:04:05.000Z"),
			`["VIP"]`, labelsOfRow[i%len(labelsOfRow)],
			`"status":2`, fmt.Sprintf(`"status":%d`, i%5),
			`"unreadCount":0`, fmt.Sprintf(`"unreadCount":%d`, i%12),
		).Replace(compact.String())...)
	}
	return fmt.Appendf(body, `],"total":%d}`, 3*rows), nil
}
