package sandbox

import (
	"bufio"
	"net/http"
	"strconv"
)

// maxBuffer bounds the memory of one response, besides the rows, which are shared.
// An ordinary page is sent in one write, a huge one in several.
const maxBuffer = 64 << 10

func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	if s.differ.refuses(q) {
		refuse(w, http.StatusBadRequest, "the limit or the skip is too large")
		return
	}
	page, total := s.differ.search(s.chats, q)
	sendPage(w, page, total)
}

// sendPage sends {"data": [...], "total": n}, from the prepared JSON of the rows.
func sendPage(w http.ResponseWriter, page []*row, total int) {
	const head = `{"data":[`
	tail := `],"total":` + strconv.Itoa(total) + "}"
	size := len(head) + len(tail) + max(0, len(page)-1)
	for _, r := range page {
		size += len(r.json)
	}
	sendHead(w, http.StatusOK, size)
	// A failed write means that the client is gone: nobody can be told.
	b := bufio.NewWriterSize(w, min(size, maxBuffer))
	_, _ = b.WriteString(head)
	for i, r := range page {
		if i > 0 {
			_ = b.WriteByte(',')
		}
		if _, err := b.Write(r.json); err != nil {
			return
		}
	}
	_, _ = b.WriteString(tail)
	_ = b.Flush()
}

// refuse sends an error. The reference does not describe its body: this form is
// the sandbox's. The reason must not hold the token.
func refuse(w http.ResponseWriter, status int, reason string) {
	body := encode(struct {
		Error string `json:"error"`
	}{reason})
	sendHead(w, status, len(body))
	_, _ = w.Write(body)
}

// sendHead sends the status and the headers.
func sendHead(w http.ResponseWriter, status, size int) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
}
