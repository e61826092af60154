package sandbox

import (
	"bufio"
	"net/http"
	"strconv"
)

// maxBuffer bounds what one answer holds in memory besides the rows, which
// are shared: an ordinary page leaves in one write, a huge one in several.
const maxBuffer = 64 << 10

func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	page, total := s.chats.search(&q)
	answer(w, page, total)
}

// answer writes {"data": [...], "total": n} from the rows' ready-made JSON.
func answer(w http.ResponseWriter, page []*row, total int) {
	const head = `{"data":[`
	tail := `],"total":` + strconv.Itoa(total) + "}"
	size := len(head) + len(tail) + max(0, len(page)-1)
	for _, r := range page {
		size += len(r.json)
	}
	begin(w, http.StatusOK, size)
	// A failed write means the client has gone; there is nobody to tell.
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

// refuse answers with an error. Its body is the sandbox's own: the reference
// does not describe one. The reason must not hold the token.
func refuse(w http.ResponseWriter, status int, reason string) {
	body := encode(struct {
		Error string `json:"error"`
	}{reason})
	begin(w, status, len(body))
	_, _ = w.Write(body)
}

func begin(w http.ResponseWriter, status, size int) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
}
