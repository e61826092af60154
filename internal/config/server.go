package config

import (
	"net"
	"slices"
	"strings"

	"texter-graphql/internal/cors"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

func (c *Config) serverSettings() []setting {
	return []setting{
		{"addr", "127.0.0.1:8080", "`host:port` to listen on", address(&c.Addr)},
		{"request-timeout", "30s", "`duration` that one GraphQL request may take", duration(&c.RequestTimeout)},
		{"graphiql", "true", "`true` or false: serve GraphiQL at /", boolean(&c.GraphiQL)},
		{"cors-origins", "", "comma-separated web `origins` that browsers may call from, or *;\nwithout a server token any may, for then nobody gets in by being somewhere", c.readOrigins},
		{"drain-delay", "0s", "`duration` between a stop and the end of listening, in which /readyz fails\nand requests are still taken: load balancers need a few seconds to notice", delay(&c.DrainDelay)},
	}
}

func (c *Config) readOrigins(list string) error {
	c.CORSOrigins = strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, origin := range c.CORSOrigins {
		if err := cors.Check(origin); err != nil {
			return err
		}
	}
	return nil
}

// checkServer keeps a service that holds a token away from strangers. One that
// holds none may be called from any origin, unless some are listed: a page
// brings nothing but what its user gave it.
func (c *Config) checkServer() error {
	if c.TexterToken == "" {
		if len(c.CORSOrigins) == 0 {
			c.CORSOrigins = []string{cors.Any}
		}
		return nil
	}
	if host, _, _ := net.SplitHostPort(c.Addr); c.LocalOnly && !texter.IsLoopback(host) {
		return rule.New("addr", "must be a loopback address while TEXTER_API_TOKEN is set and neither access-keys nor jwt-issuer is: whoever can connect can read every chat")
	}
	if slices.Contains(c.CORSOrigins, cors.Any) {
		return rule.New("cors-origins", "must not be * while TEXTER_API_TOKEN is set: any page could read every chat")
	}
	return nil
}
