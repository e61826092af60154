package config

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"texter-graphql/graph/limits"
	"texter-graphql/internal/cors"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

func (c *Config) serverSettings() []setting {
	return []setting{
		{"addr", "127.0.0.1:8080", "`host:port` to listen on", address(&c.Addr)},
		{"request-timeout", "30s", "`duration` that one GraphQL request may take", duration(&c.RequestTimeout)},
		{"write-timeout", "10s", "`duration` for which a client may receive nothing of a response; it must\nreceive 64 KiB in a second after that", duration(&c.WriteTimeout)},
		{"idle-timeout", "620s", "`duration` that a connection without requests stays open: longer than the load\nbalancer in front keeps it, or a request can meet a connection that closes", duration(&c.IdleTimeout)},
		{"max-answer-size", "64MiB", "largest number of `bytes` of a response", size(&c.MaxAnswerSize)},
		{"graphiql", "true", "`true` or false: serve GraphiQL at /", boolean(&c.GraphiQL)},
		{"cors-origins", "", "comma-separated web `origins` that browsers may call from, or *;\nthe default is * without TEXTER_API_TOKEN, and none with it", c.readOrigins},
		{"cors-headers", "", "comma-separated names of request `headers` that pages may send, besides those\nof GraphQL clients and of tracing scripts", c.readHeaders},
		{"drain-delay", "0s", "`duration` between a stop and the end of listening: /readyz fails, so that\nload balancers, which need a few seconds to notice, stop sending requests", delay(&c.DrainDelay)},
	}
}

func (c *Config) graphSettings() []setting {
	return []setting{
		{"max-cost", strconv.Itoa(limits.DefaultCost), "`cost` that one operation may have: see docs/errors.md", count(&c.Limits.Cost, 1_000_000_000)},
		{"max-depth", strconv.Itoa(limits.DefaultDepth), "how many `levels` of fields one operation may have", count(&c.Limits.Depth, 1000)},
		{"introspection", "true", "`true` or false: let queries ask for the schema, as GraphiQL does", boolean(&c.Introspection)},
		{"suggestions", "true", "`true` or false: suggest names of the schema in errors", boolean(&c.Suggestions)},
		{"trusted-documents", "", "`file` of the only documents that are executed: a manifest as relay-compiler or\nApollo's generate-persisted-query-manifest writes it", text(&c.TrustedDocuments)},
	}
}

func (c *Config) readOrigins(list string) error {
	c.CORS.Origins = listed(list)
	return checkEach(c.CORS.Origins, cors.Check)
}

func (c *Config) readHeaders(list string) error {
	c.CORS.Headers = listed(list)
	return checkEach(c.CORS.Headers, cors.CheckHeader)
}

// listed returns the words of a list.
func listed(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func checkEach(words []string, check func(string) error) error {
	for _, word := range words {
		if err := check(word); err != nil {
			return err
		}
	}
	return nil
}

// checkServer checks that a service with a token of its own can't be called by
// strangers. A service without one may be called from any origin by default: a
// page has no more rights than the token that its user gave it.
func (c *Config) checkServer() error {
	if c.TexterToken == "" {
		if len(c.CORS.Origins) == 0 {
			c.CORS.Origins = []string{cors.Any}
		}
		return nil
	}
	if host, _, _ := net.SplitHostPort(c.Addr); c.LocalOnly && !texter.IsLoopback(host) {
		return rule.New("addr", "must be a loopback address while TEXTER_API_TOKEN is set and neither access-keys nor jwt-issuer is: whoever can connect can read every chat")
	}
	if slices.Contains(c.CORS.Origins, cors.Any) {
		return rule.New("cors-origins", "must not be * while TEXTER_API_TOKEN is set: any page could read every chat")
	}
	return nil
}
