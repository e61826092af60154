package config

import (
	"fmt"
	"io"
	"strings"
)

// Check reads the settings as Parse does, and writes those in effect to output,
// one a line. Of secrets, it only writes whether they are set.
func Check(args []string, getenv func(string) string, output io.Writer) (Config, error) {
	c, settings, err := parse(args, getenv, output)
	if err != nil {
		return c, err
	}
	for _, s := range settings {
		fmt.Fprintf(output, "%s = %s\n", s.name, redact(s.value))
	}
	for _, s := range c.secrets() {
		state := "not set"
		if getenv(s.name) != "" || getenv(s.name+"_FILE") != "" {
			state = "set"
		}
		fmt.Fprintf(output, "%s is %s\n", s.name, state)
	}
	return c, nil
}

// redact replaces the password and the query of a URL, which may have several hosts:
// either may hold a secret.
func redact(value string) string {
	scheme, rest, isURL := strings.Cut(value, "://")
	if !isURL {
		return value
	}
	rest, _, hasQuery := strings.Cut(rest, "?")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		if user, _, hasPassword := strings.Cut(rest[:at], ":"); hasPassword {
			rest = user + ":xxxxx" + rest[at:]
		}
	}
	if hasQuery {
		rest += "?xxxxx"
	}
	return scheme + "://" + rest
}
