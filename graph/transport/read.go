package transport

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"texter-graphql/internal/jsonscan"
	"texter-graphql/internal/refusal"

	"github.com/99designs/gqlgen/graphql"
)

// request is the GraphQL request of a body: GraphQL over HTTP, "Request
// Parameters". A null is as good as nothing.
type request struct {
	query         string
	operationName string
	variables     map[string]any
	extensions    map[string]any
	documentID    *string // of a persisted document: "Persisted Documents"; doc_id in Relay's documentation
}

// read reads the text of a request: its query string, or its body.
func (h HTTP) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	switch r.Method {
	case http.MethodGet:
		return []byte(r.URL.RawQuery), nil
	case http.MethodPost:
		return h.readBody(w, r)
	}
	return nil, &refusal.Error{Status: http.StatusMethodNotAllowed, Message: "Use POST or GET.", Allow: allowedMethods}
}

// parse parses the text of a request.
func parse(r *http.Request, text []byte) (*graphql.RawParams, error) {
	if r.Method != http.MethodGet {
		return ParseBody(text, r.Header)
	}
	req, err := readQuery(string(text))
	if err != nil {
		return nil, err
	}
	return req.params(r.Header)
}

// ParseBody parses a GraphQL request of JSON, whose members are those of GraphQL over
// HTTP. It errors with a *refusal.Error.
func ParseBody(text []byte, header http.Header) (*graphql.RawParams, error) {
	var req request
	if !utf8.Valid(text) || req.decode(text) != nil || hasLoneSurrogate(text) {
		return nil, refusal.New(http.StatusBadRequest, "The body must be a JSON object with a string query or documentId, and optionally a string operationName, an object variables and an object extensions, each once, and with no more than 32 members.")
	}
	return req.params(header)
}

// params are the parameters for gqlgen, which has no place for the id of a
// document but among the extensions. A request with an id needs no query.
func (q *request) params(header http.Header) (*graphql.RawParams, error) {
	params := &graphql.RawParams{
		Query: q.query, OperationName: q.operationName, Variables: q.variables, Extensions: q.extensions, Headers: header,
	}
	if q.documentID != nil {
		if params.Extensions == nil {
			params.Extensions = map[string]any{}
		}
		params.Extensions["documentId"] = *q.documentID
	}
	if params.Query == "" && q.documentID == nil && params.Extensions["persistedQuery"] == nil {
		return nil, refusal.New(http.StatusBadRequest, "The parameter query is missing.")
	}
	return params, nil
}

func (h HTTP) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if len(r.Header["Content-Type"]) != 1 || !isJSON(r.Header.Get("Content-Type")) {
		return nil, refusal.New(http.StatusUnsupportedMediaType, "Content-Type must be application/json, in UTF-8.")
	}
	if r.Header.Get("Content-Encoding") != "" {
		return nil, refusal.New(http.StatusUnsupportedMediaType, "The body must not be compressed.")
	}
	limit := h.MaxBodyBytes
	if limit == 0 {
		limit = defaultMaxBodyBytes
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit) // without waiting for it
	}
	var body []byte
	var err error
	if r.ContentLength >= 0 { // and net/http reads no more than that
		body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, body)
	} else {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge(limit)
	}
	if err != nil {
		return nil, refusal.New(http.StatusBadRequest, "The body ended too early.")
	}
	return body, nil
}

// isJSON reports whether a Content-Type is of JSON in UTF-8.
func isJSON(contentType string) bool {
	if contentType == mediaTypeJSON { // as nearly all clients send it
		return true
	}
	mediaType, params, err := mime.ParseMediaType(contentType)
	charset, hasCharset := params["charset"]
	return err == nil && mediaType == mediaTypeJSON && (!hasCharset || strings.EqualFold(charset, "utf-8"))
}

func tooLarge(limit int64) error {
	return refusal.New(http.StatusRequestEntityTooLarge, fmt.Sprintf("The body must not be larger than %d bytes.", limit))
}

// maxMembers is how many members a body may have. GraphQL over HTTP has four, and
// clients add a few.
const maxMembers = 32

// decode decodes a body. Unlike encoding/json it takes each member once, by its
// exact name: else what a proxy has inspected need not be what is executed.
func (q *request) decode(body []byte) error {
	s := jsonscan.Scanner{Text: body}
	seen := make([]string, 0, 8)
	for name := range s.Object {
		if len(seen) == maxMembers || slices.Contains(seen, name) {
			s.FailSyntax()
			break
		}
		seen = append(seen, name)
		switch name {
		case "query":
			q.query = optionalString(&s)
		case "operationName":
			q.operationName = optionalString(&s)
		case "documentId", "doc_id":
			if q.documentID != nil {
				s.FailSyntax()
			}
			if !s.Null() {
				q.documentID = new(s.StringValue())
			}
		case "variables":
			q.variables = optionalObject(&s)
		case "extensions":
			q.extensions = optionalObject(&s)
		default:
			s.Skip()
		}
	}
	s.End()
	return s.Err
}

// optionalString reads a string or null.
func optionalString(s *jsonscan.Scanner) string {
	if s.Null() {
		return ""
	}
	return s.StringValue()
}

// optionalObject reads an object or null.
func optionalObject(s *jsonscan.Scanner) map[string]any {
	value := s.Any()
	object, ok := value.(map[string]any)
	if !ok && value != nil {
		s.FailSyntax()
	}
	return object
}

// readQuery reads the parameters of a GET request: GraphQL over HTTP,
// "GET".
func readQuery(rawQuery string) (req request, err error) {
	query, err := url.ParseQuery(rawQuery)
	decoded, _ := url.QueryUnescape(rawQuery)
	if err != nil || !utf8.ValidString(decoded) {
		return req, refusal.New(http.StatusBadRequest, "The query string is malformed.")
	}
	for _, name := range []string{"query", "operationName", "documentId", "variables", "extensions"} {
		if len(query[name]) > 1 {
			return req, refusal.New(http.StatusBadRequest, "The parameter "+name+" is given more than once.")
		}
	}
	req.query, req.operationName = query.Get("query"), query.Get("operationName")
	if query.Has("documentId") {
		req.documentID = new(query.Get("documentId"))
	}
	for name, into := range map[string]*map[string]any{"variables": &req.variables, "extensions": &req.extensions} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		s := jsonscan.Scanner{Text: []byte(text)}
		*into = optionalObject(&s)
		if s.End(); s.Err != nil || hasLoneSurrogate(s.Text) {
			return req, refusal.New(http.StatusBadRequest, "The parameter "+name+" must be a JSON object.")
		}
	}
	return req, nil
}
