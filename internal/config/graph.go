package config

import (
	"strconv"

	"texter-graphql/graph/limits"
)

func (c *Config) graphSettings() []setting {
	return []setting{
		{"max-cost", strconv.Itoa(limits.DefaultCost), "`cost` that one operation may have: see docs/errors.md", count(&c.Limits.Cost, 1_000_000_000)},
		{"max-depth", strconv.Itoa(limits.DefaultDepth), "how many `fields` of an operation may be nested", count(&c.Limits.Depth, 1000)},
		{"introspection", "true", "`true` or false: tell the schema to those who ask; GraphiQL does", boolean(&c.Introspection)},
		{"suggestions", "true", "`true` or false: say which names of the schema may have been meant", boolean(&c.Suggestions)},
		{"trusted-documents", "", "`file` of the only documents that are executed: a manifest as relay-compiler or\nApollo's generate-persisted-query-manifest writes it", text(&c.TrustedDocuments)},
	}
}
