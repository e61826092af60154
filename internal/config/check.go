package config

import (
	"fmt"
	"io"
	"net/url"
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

// redact replaces the password and the query of a URL: either may hold a secret.
func redact(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" {
		return value
	}
	if u.RawQuery != "" {
		u.RawQuery = "xxxxx" // as Redacted has it for the password
	}
	return u.Redacted()
}
