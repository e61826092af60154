package document

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Trusted are the documents of a manifest.
type Trusted struct {
	texts map[string]string // by id
	known map[string]bool   // the texts
}

// apolloFormat marks a manifest of Apollo.
const apolloFormat = "apollo-persisted-query-manifest"

var errManifest = errors.New("must be a manifest as relay-compiler or Apollo's generate-persisted-query-manifest writes it")

// ParseTrusted reads a manifest: as relay-compiler writes it, an object of texts
// by id, or as Apollo's generate-persisted-query-manifest does. It errors if it
// is neither, is empty, or has a document that by these options could not be
// executed.
func ParseTrusted(manifest []byte, o Options) (*Trusted, error) {
	texts, err := parseManifest(manifest)
	if err != nil || len(texts) == 0 {
		return nil, errManifest
	}
	t := &Trusted{texts, map[string]bool{}}
	l := NewLoader(o)
	for id, text := range texts {
		if _, errs := l.load(text); errs != nil {
			return nil, fmt.Errorf("has a document that can't be executed, %q: %s", id, errs[0].Message)
		}
		t.known[text] = true
	}
	return t, nil
}

func parseManifest(manifest []byte) (texts map[string]string, err error) {
	var apollo struct {
		Format     string
		Version    int
		Operations []struct{ ID, Body string }
	}
	if json.Unmarshal(manifest, &apollo) != nil || apollo.Format != apolloFormat {
		return texts, json.Unmarshal(manifest, &texts)
	}
	if apollo.Version != 1 {
		return nil, errManifest
	}
	texts = map[string]string{}
	for _, operation := range apollo.Operations {
		texts[operation.ID] = operation.Body
	}
	return texts, nil
}

// lists reports whether a text is one of the documents.
func (t *Trusted) lists(text string) bool { return t.known[text] }
