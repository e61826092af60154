package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The values of extensions.code for documents that are asked for by id. Apollo
// Client sends the text again on codePersistedNotFound, and no id any more on
// codePersistedNotSupported.
const (
	codePersistedNotFound     = "PERSISTED_QUERY_NOT_FOUND"
	codePersistedNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED"
	codePersistedNotListed    = "PERSISTED_QUERY_NOT_IN_LIST"
)

func persistedError(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// resolve puts the text of a document in place that the request names by id. It
// returns the hash to register the text by once it has proved to be valid: empty
// if it is not to be registered.
func (l *Loader) resolve(params *graphql.RawParams) (register string, refused *gqlerror.Error) {
	hash, hashed, refused := automatic(params.Extensions)
	if refused != nil {
		return "", refused
	}
	switch {
	case params.Query == "":
		id := hash
		if named, ok := params.Extensions["documentId"].(string); ok {
			id = named
		}
		if params.Query = l.persisted(strings.TrimPrefix(id, "sha256:")); params.Query == "" {
			return "", persistedError(codePersistedNotFound, "PersistedQueryNotFound") // the message is part of Apollo's protocol too
		}
	case l.options.Trusted != nil:
		if !l.options.Trusted.lists(params.Query) {
			return "", persistedError(codePersistedNotListed, "Only the trusted documents of this service are executed, and this is none of them.")
		}
	case hashed:
		if sum := sha256.Sum256([]byte(params.Query)); hash != hex.EncodeToString(sum[:]) {
			return "", invalid("extensions.persistedQuery.sha256Hash is not the hash of query.")
		}
		return hash, nil
	}
	return "", nil
}

// persisted is the text of an id; empty if there is none.
func (l *Loader) persisted(id string) string {
	if l.options.Trusted != nil {
		return l.options.Trusted.texts[id]
	}
	text, _ := l.registered.Get(id)
	return text
}

// automatic is the hash of Apollo's automatic persisted queries.
func automatic(extensions map[string]any) (hash string, ok bool, refused *gqlerror.Error) {
	extension, given := extensions["persistedQuery"]
	if !given || extension == nil {
		return "", false, nil
	}
	fields, _ := extension.(map[string]any)
	if hash, ok = fields["sha256Hash"].(string); !ok {
		return "", false, invalid("extensions.persistedQuery must have a string sha256Hash.")
	}
	if version, ok := fields["version"].(json.Number); !ok || version != "1" {
		return "", false, persistedError(codePersistedNotSupported, "PersistedQueryNotSupported")
	}
	return hash, true, nil
}
