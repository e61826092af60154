package app

import (
	"os"

	"texter-graphql/graph"
	"texter-graphql/internal/rule"
)

// trustDocuments lets the service execute the documents of a manifest only, if
// a file is named.
func trustDocuments(file string, o *graph.Options) error {
	const setting = "trusted-documents"
	if file == "" {
		return nil
	}
	manifest, err := os.ReadFile(file)
	if err != nil {
		return rule.New(setting, "must name a file that can be read")
	}
	if err := o.Trust(manifest); err != nil {
		return rule.New(setting, err.Error())
	}
	return nil
}
