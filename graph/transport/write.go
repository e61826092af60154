package transport

import (
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// write sends a response in one piece. Its data is JSON already and goes out
// as it is.
func (a answer) write(status int, response *graphql.Response) {
	body, err := encode(response)
	if err != nil {
		panic(err) // only what this program puts into errors and extensions can fail
	}
	header := a.w.Header()
	header.Set("Content-Type", a.mediaType+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Add("Vary", "Accept")
	a.w.WriteHeader(status)
	_, _ = a.w.Write(body) // a client that is gone needs no answer
}

// encode writes a response: data, unless nothing was executed; errors and
// extensions, if there are any.
func encode(response *graphql.Response) ([]byte, error) {
	body := make([]byte, 0, len(response.Data)+64)
	body = append(body, '{')
	if response.Data != nil {
		body = append(append(body, `"data":`...), response.Data...)
	}
	var err error
	if len(response.Errors) > 0 {
		body, err = appendEntry(body, "errors", response.Errors)
	}
	if err == nil && len(response.Extensions) > 0 {
		body, err = appendEntry(body, "extensions", response.Extensions)
	}
	return append(body, '}'), err
}

func appendEntry(body []byte, name string, value any) ([]byte, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if len(body) > 1 {
		body = append(body, ',')
	}
	return append(append(append(append(body, '"'), name...), `":`...), encoded...), nil
}
