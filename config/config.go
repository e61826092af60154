// Package config reads the settings: flags first, and the environment for
// those that no flag gives.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"texter-graphql/texter"
)

// Config is how the service is set up.
type Config struct {
	// Addr is the TCP address to listen on.
	Addr string
	// TexterURL is the base URL of Texter's REST API; empty for the embedded
	// sandbox.
	TexterURL string
	// TexterToken is the API token for every call; empty to pass each caller's
	// own through.
	TexterToken string
	// TexterTimeout bounds one call to Texter.
	TexterTimeout time.Duration
	// GraphiQL says whether to serve GraphiQL at /.
	GraphiQL bool
	// CORSOrigins are the web origins that browsers may call from; "*" is any.
	CORSOrigins []string
}

// Sandbox reports whether the service answers from made-up chats.
func (c Config) Sandbox() bool { return c.TexterURL == "" }

// Error says which setting is wrong. It never quotes the setting's value.
type Error struct {
	// Setting is the flag or the environment variable.
	Setting string
	// Rule is what it must be.
	Rule string
}

// Error names the setting and its rule.
func (e *Error) Error() string { return e.Setting + " " + e.Rule }

// settings are the values as they were given.
type settings struct {
	addr, project, url, timeout, corsOrigins, graphiql string
}

func (s *settings) flags(fs *flag.FlagSet) {
	fs.StringVar(&s.addr, "addr", "127.0.0.1:8080", "`host:port` to listen on")
	fs.StringVar(&s.project, "texter-project", "", "Texter project `id`; the API is then https://ID.texterchat.com/server/api/v2")
	fs.StringVar(&s.url, "texter-url", "", "base `URL` of Texter's API, instead of a project id")
	fs.StringVar(&s.timeout, "texter-timeout", texter.DefaultTimeout.String(), "`duration` that one call to Texter may take")
	fs.StringVar(&s.graphiql, "graphiql", "true", "`true` or false: serve GraphiQL at /")
	fs.StringVar(&s.corsOrigins, "cors-origins", "", "comma-separated web `origins` that browsers may call from, or *;\nwithout a server token any may, for then nobody gets in by being somewhere")
}

// Parse reads the settings. Its error is flag.ErrHelp, after help has been
// written to output, or an *Error.
func Parse(args []string, getenv func(string) string, output io.Writer) (Config, error) {
	var s settings
	fs := flag.NewFlagSet("texter-graphql", flag.ContinueOnError)
	s.flags(fs)
	fs.SetOutput(io.Discard) // it would quote what is wrong
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		fs.SetOutput(output)
		usage(fs)
		return Config{}, err
	} else if err != nil || fs.NArg() > 0 {
		return Config{}, &Error{"the command line", "has a word that is not a flag of this program: see -h"}
	}
	fromEnvironment(fs, getenv)
	return s.config(getenv)
}

// fromEnvironment fills in the flags that were not given.
func fromEnvironment(fs *flag.FlagSet, getenv func(string) string) {
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	fs.VisitAll(func(f *flag.Flag) {
		if value := getenv(variable(f.Name)); value != "" && !given[f.Name] {
			_ = fs.Set(f.Name, value) // all flags are strings, which take any value
		}
	})
}

// variable is the environment variable that fills a flag.
func variable(flagName string) string {
	return strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

func usage(fs *flag.FlagSet) {
	fmt.Fprint(fs.Output(), `texter-graphql serves GraphQL over Texter's REST API.

Without a project or URL it answers from an embedded sandbox of made-up chats.
Every flag can be set by the environment variable of its name in capitals:
TEXTER_PROJECT is -texter-project. Only the environment sets

  TEXTER_API_TOKEN       the API token for every call; without it each caller's
                         own bearer token is passed through
  TEXTER_API_TOKEN_FILE  a file that holds the token, instead

`)
	fs.PrintDefaults()
}

func (s settings) config(getenv func(string) string) (Config, error) {
	c := Config{Addr: s.addr, TexterURL: s.url}
	host, port, err := net.SplitHostPort(s.addr)
	if _, badPort := strconv.ParseUint(port, 10, 16); err != nil || badPort != nil {
		return c, &Error{"addr", "must be host:port, with a port from 0 to 65535"}
	}
	if c.TexterTimeout, err = time.ParseDuration(s.timeout); err != nil || c.TexterTimeout <= 0 {
		return c, &Error{"texter-timeout", "must be a duration above zero, such as 10s"}
	}
	if c.GraphiQL, err = strconv.ParseBool(s.graphiql); err != nil {
		return c, &Error{"graphiql", "must be true or false"}
	}
	if s.project != "" {
		if s.url != "" {
			return c, &Error{"texter-project", "must not be set together with texter-url"}
		}
		if c.TexterURL, err = texter.ProjectURL(s.project); err != nil {
			return c, &Error{"texter-project", "is not valid: " + err.Error()}
		}
	}
	if err := texter.CheckBaseURL(s.url); s.url != "" && err != nil {
		return c, &Error{"texter-url", "is not valid: " + err.Error()}
	}
	if c.TexterToken, err = token(getenv); err != nil {
		return c, err
	}
	if c.TexterToken != "" && c.Sandbox() {
		return c, &Error{"TEXTER_API_TOKEN", "needs texter-project or texter-url to be set as well"}
	}
	if c.TexterToken != "" && !texter.IsLoopback(host) {
		return c, &Error{"addr", "must be a loopback address while TEXTER_API_TOKEN is set: whoever can connect can read every chat"}
	}
	c.CORSOrigins, err = origins(s.corsOrigins, c.TexterToken == "")
	return c, err
}

// origins splits the list. Without a list, any origin may call a service that
// holds no token: a page brings nothing but what its user gave it.
func origins(list string, holdsNoToken bool) ([]string, error) {
	if list == "" && holdsNoToken {
		return []string{"*"}, nil
	}
	origins := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, origin := range origins {
		if origin == "*" && !holdsNoToken {
			return nil, &Error{"cors-origins", "must not be * while TEXTER_API_TOKEN is set: any page could read every chat"}
		}
		u, err := url.Parse(strings.Replace(origin, "*.", "", 1))
		if origin != "*" && (err != nil || u.Host == "" || origin != u.Scheme+"://"+u.Host && origin != u.Scheme+"://*."+u.Host) {
			return nil, &Error{"cors-origins", "must list origins such as https://app.example.com or https://*.example.com, or be *"}
		}
	}
	return origins, nil
}

// token reads the API token from its variable or file.
func token(getenv func(string) string) (string, error) {
	setting, value, path := "TEXTER_API_TOKEN", getenv("TEXTER_API_TOKEN"), getenv("TEXTER_API_TOKEN_FILE")
	if path != "" {
		if value != "" {
			return "", &Error{"TEXTER_API_TOKEN_FILE", "must not be set together with TEXTER_API_TOKEN"}
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return "", &Error{"TEXTER_API_TOKEN_FILE", "must name a file that can be read"}
		}
		setting, value = "TEXTER_API_TOKEN_FILE", strings.TrimSpace(string(content))
		if value == "" {
			return "", &Error{setting, "must name a file that holds a token"}
		}
	}
	if value != "" && !texter.ValidToken(value) {
		return "", &Error{setting, "must be one word of visible ASCII, without line breaks"}
	}
	return value, nil
}
