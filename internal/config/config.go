// Package config reads the settings: flags first, and the environment for
// those that no flag gives.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"texter-graphql/graph/limits"
	"texter-graphql/internal/rule"
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
	// AccessKeys names the file of access keys that let callers in; empty for
	// none.
	AccessKeys string
	// JWTIssuer is the issuer of the JSON Web Tokens that let callers in; empty
	// for none. The others that start with JWT go with it.
	JWTIssuer string
	// JWTKeysURL is where the issuer's JSON Web Key Set is; empty to ask the
	// issuer.
	JWTKeysURL string
	// JWTAudience is the audience of the tokens.
	JWTAudience string
	// JWTLeeway is how far the issuer's clock may be off.
	JWTLeeway time.Duration
	// JWTScopeClaim names the claim that has a token's scope; empty for none.
	JWTScopeClaim string
	// RateLimit is how many requests per second one caller may send; 0 is no
	// limit.
	RateLimit float64
	// RateBurst is how many of them may come at once.
	RateBurst int
	// LocalOnly says that whoever reaches the service can read the project's
	// chats, so that only this machine may: no setting, but what they make.
	LocalOnly bool
	// TexterTimeout bounds one call to Texter, with all its attempts.
	TexterTimeout time.Duration
	// TexterAttemptTimeout bounds how long an attempt waits for an answer to
	// begin.
	TexterAttemptTimeout time.Duration
	// TexterConcurrency is how many calls to Texter are under way at most.
	TexterConcurrency int
	// TexterNetHTTP says whether net/http sends all calls to Texter.
	TexterNetHTTP bool
	// RequestTimeout bounds one GraphQL request, with all its calls to Texter.
	RequestTimeout time.Duration
	// Cache is how pages are kept.
	Cache Cache
	// GraphiQL says whether to serve GraphiQL at /.
	GraphiQL bool
	// CORSOrigins are the web origins that browsers may call from; "*" is any.
	CORSOrigins []string
	// Limits bound operations.
	Limits limits.Limits
	// Introspection says whether the schema is told to those who ask, and
	// Suggestions whether messages say which of its names may have been meant.
	Introspection, Suggestions bool
	// TrustedDocuments names the file of the only documents that are executed;
	// empty for any.
	TrustedDocuments string
	// LogLevel is the level from which on lines are logged.
	LogLevel slog.Level
	// MetricsAddr is the TCP address of /metrics; empty for none.
	MetricsAddr string
	// TracesURL is the base URL of an OpenTelemetry collector; empty for none.
	TracesURL string
	// TracesRatio is the share of traces begun here that are recorded.
	TracesRatio float64
	// DrainDelay is how long requests are still taken after a stop, while
	// readiness fails.
	DrainDelay time.Duration
}

// Sandbox reports whether the service answers from made-up chats.
func (c Config) Sandbox() bool { return c.TexterURL == "" }

// Credentials reports whether callers bring credentials of this service.
func (c Config) Credentials() bool { return c.AccessKeys != "" || c.JWTIssuer != "" }

// settings are all settings with a flag, in the order of the help text.
func (c *Config) settings() []setting {
	return slices.Concat(c.serverSettings(), c.graphSettings(), c.authSettings(), c.texterSettings(), c.cacheSettings(), c.observeSettings())
}

// secrets are all settings that only the environment gives.
func (c *Config) secrets() []secret {
	return slices.Concat(c.texterSecrets(), c.cacheSecrets())
}

// check looks at what settings mean together, after each has been read.
func (c *Config) check() error {
	return errors.Join(c.checkTexter(), c.checkCache(), c.checkAuth(), c.checkServer())
}

// Parse reads the settings. Its error is flag.ErrHelp, after help has been
// written to output, or holds a *rule.Error that
// names the setting.
func Parse(args []string, getenv func(string) string, output io.Writer) (Config, error) {
	c, _, err := parse(args, getenv, output)
	return c, err
}

// parse also returns the settings that have a flag, with the values in effect.
func parse(args []string, getenv func(string) string, output io.Writer) (c Config, settings []setting, err error) {
	settings = c.settings()
	fs := flag.NewFlagSet("texter-graphql", flag.ContinueOnError)
	for i := range settings {
		s := &settings[i]
		fs.StringVar(&s.value, s.name, s.value, s.usage)
	}
	fs.SetOutput(io.Discard) // it would quote what is wrong
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		fs.SetOutput(output)
		usage(fs, c.secrets())
		return c, nil, err
	} else if err != nil || fs.NArg() > 0 {
		return c, nil, rule.New("the command line", "has a word that is not a flag of this program: see -h")
	}
	fromEnvironment(fs, getenv)
	for _, s := range settings {
		if err := s.read(s.value); err != nil {
			return c, nil, rule.New(s.name, err.Error())
		}
	}
	for _, s := range c.secrets() {
		if err := s.take(getenv); err != nil {
			return c, nil, err
		}
	}
	return c, settings, c.check()
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

func usage(fs *flag.FlagSet, secrets []secret) {
	fmt.Fprint(fs.Output(), `texter-graphql serves GraphQL over Texter's REST API.

  texter-graphql [flags]                serves
  texter-graphql config check [flags]   says whether it would, and by which settings
  texter-graphql access-key NAME [SCOPE]
                                        makes an access key, and its line for -access-keys
  texter-graphql -version               says what was built

Without a project or URL it answers from an embedded sandbox of made-up chats.
Every flag can be set by the environment variable of its name in capitals:
TEXTER_PROJECT is -texter-project. Only the environment sets

`)
	for _, s := range secrets {
		fmt.Fprintf(fs.Output(), "  %s or %s_FILE (a file that holds it)\n    \t%s\n", s.name, s.name, s.usage)
	}
	fmt.Fprintln(fs.Output())
	fs.PrintDefaults()
}
