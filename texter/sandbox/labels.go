package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const labelsPath = BasePath + "/labels"

// maxLabelSkip is the largest skip of GET /labels (Texter REST reference).
const maxLabelSkip = 100_000

// Label is a label as GET /labels answers it (Texter REST reference).
type Label struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
	// System is there only on labels that Texter made itself.
	System bool `json:"system,omitempty"`
}

// noColor is the color of a label for which none was chosen.
const noColor = "#555555"

// madeUpLabels are labels of a made-up project. Chats also have the label
// no_show, which was deleted.
func madeUpLabels(extra int) []Label {
	labels := []Label{
		{ID: "VIP", Name: "VIP", Color: "#D4AF37"},
		{ID: "new_lead", Name: "NEW LEAD", Color: "#2CCCE4"},
		{ID: "hot_lead", Name: "HOT LEAD", Color: "#F47373"},
		{ID: "refund", Name: "החזר כספי", Color: "#FF8A65"},
		{ID: "complaint", Name: "תלונה", Color: "#BA68C8"},
		{ID: "wholesale", Name: "Wholesale", Color: noColor},
		{ID: "follow_up", Name: "Follow up", Color: "#37D67A"},
		{ID: "newsletter", Name: "ניוזלטר", Color: "#DCE775"},
		{ID: "waiting for parts", Name: "Waiting for parts", Color: "#697689"},
		{ID: "R&D+beta", Name: "R&D + beta", Color: "#0B5FFF"},
		{ID: "לקוח_חוזר", Name: "לקוח חוזר", Color: "#00838F"},
		{ID: "auto_resolved", Name: "Auto resolved", Color: noColor, System: true},
		{ID: "unsubscribed", Name: "Unsubscribed", Color: noColor, System: true},
	}
	for i := range extra {
		labels = append(labels, Label{ID: fmt.Sprintf("extra_%d", i), Name: fmt.Sprintf("Extra %d", i), Color: noColor})
	}
	return labels
}

// Labels returns a copy of the labels.
func (s *Server) Labels() []Label {
	s.labelsMu.Lock()
	defer s.labelsMu.Unlock()
	return slices.Clone(s.labels)
}

// SetLabels replaces the labels.
func (s *Server) SetLabels(labels ...Label) {
	s.labelsMu.Lock()
	defer s.labelsMu.Unlock()
	s.labels = slices.Clone(labels)
}

// answerLabels answers GET /labels and GET /labels/{labelId}.
func (s *Server) answerLabels(w http.ResponseWriter, r *http.Request) {
	if _, known := s.access(bearer(r.Header)); !known {
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "a valid bearer token is needed")
		return
	}
	if id, ok := strings.CutPrefix(r.URL.Path, labelsPath+"/"); ok {
		s.answerLabel(w, id)
		return
	}
	limit, skip, err := parseLabelsQuery(r.URL.RawQuery)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	labels := s.Labels()
	from := min(skip, len(labels))
	to := min(from+limit, len(labels))
	write(w, struct {
		Total  int     `json:"total"`
		Labels []Label `json:"labels"`
	}{len(labels), labels[from:to]})
}

func (s *Server) answerLabel(w http.ResponseWriter, id string) {
	for _, label := range s.Labels() {
		if label.ID == id {
			write(w, label)
			return
		}
	}
	refuse(w, http.StatusNotFound, "no such label")
}

// parseLabelsQuery reads the parameters of GET /labels. The reference has no
// default for limit, so that a call without one is refused.
func parseLabelsQuery(raw string) (limit, skip int, err error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return 0, 0, errors.New("the query string is malformed")
	}
	for name := range values {
		if name != "limit" && name != "skip" || len(values[name]) != 1 {
			return 0, 0, fmt.Errorf("%q is not a parameter, or is given more than once", name)
		}
	}
	limit, err = strconv.Atoi(values.Get("limit"))
	if err != nil || limit < 1 || limit > maxLimit {
		return 0, 0, errors.New("limit must be from 1 to 10000")
	}
	if values.Has("skip") {
		if skip, err = strconv.Atoi(values.Get("skip")); err != nil || skip < 0 || skip > maxLabelSkip {
			return 0, 0, errors.New("skip must be from 0 to 100000")
		}
	}
	return limit, skip, nil
}

func write(w http.ResponseWriter, value any) {
	body := encode(value)
	sendHead(w, http.StatusOK, len(body))
	_, _ = w.Write(body)
}
