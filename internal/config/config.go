// Package config reads the settings of the service. A flag wins over the
// environment variable of the same setting.
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
	"texter-graphql/internal/cors"
	"texter-graphql/internal/rule"
)

// Config holds the settings of the service.
type Config struct {
	// Addr is the TCP address to listen on.
	Addr string
	// TexterURL is the base URL of Texter's REST API; empty for the embedded
	// sandbox.
	TexterURL string
	// AllowSandbox says that the sandbox may serve other machines.
	AllowSandbox bool
	// SandboxChats is how many chats the embedded sandbox makes up.
	SandboxChats int
	// TexterToken is the API token for every call to Texter; empty to pass on the
	// token of each caller.
	TexterToken string
	// SecretFiles are the paths of the files that secrets are in, by the names of their
	// settings without _FILE.
	SecretFiles map[string]string
	// AccessKeys is the path of the file of access keys that let callers in; empty
	// for none.
	AccessKeys string
	// JWTIssuer is the issuer of the JSON Web Tokens that let callers in; empty
	// for none. The other fields that begin with JWT are about the same tokens.
	JWTIssuer string
	// JWTKeysURL is the URL of the issuer's JSON Web Key Set; empty to ask the
	// issuer for it.
	JWTKeysURL string
	// JWTAudience is the audience of the tokens.
	JWTAudience string
	// JWTLeeway is how much the issuer's clock may differ from this one.
	JWTLeeway time.Duration
	// JWTScopeClaim is the name of the claim with a token's scope; empty for none.
	JWTScopeClaim string
	// RateLimit is how many requests per second one caller may send; 0 means no
	// limit.
	RateLimit float64
	// RateBurst is how many requests one caller may send at once.
	RateBurst int
	// LocalOnly says that only this machine may call: whoever can connect can read
	// every chat. It follows from other settings.
	LocalOnly bool
	// TexterTimeout bounds one call to Texter, with all its attempts.
	TexterTimeout time.Duration
	// TexterAttemptTimeout bounds the time from the start of an attempt to the
	// start of its answer.
	TexterAttemptTimeout time.Duration
	// TexterConcurrency is the largest number of calls to Texter at the same time.
	TexterConcurrency int
	// TexterNetHTTP says whether net/http sends all calls to Texter.
	TexterNetHTTP bool
	// RequestTimeout bounds one GraphQL request, with all its calls to Texter.
	RequestTimeout time.Duration
	// MaxAnswerSize is the largest size of a body of a response, in bytes.
	MaxAnswerSize int
	// WriteTimeout is how long a client may receive nothing of a response.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection without requests stays open.
	IdleTimeout time.Duration
	// Cache holds the settings of the cache.
	Cache Cache
	// Live holds the settings of the live feed.
	Live Live
	// Redis holds the settings of the Redis that instances share.
	Redis Redis
	// GraphiQL says whether to serve GraphiQL at /.
	GraphiQL bool
	// CORS says which web pages may call.
	CORS cors.Policy
	// Limits bound operations.
	Limits limits.Limits
	// Introspection says whether queries may ask for the schema.
	Introspection bool
	// Suggestions says whether errors suggest names of the schema.
	Suggestions bool
	// TrustedDocuments is the path of a manifest with the only documents that are
	// executed; empty to execute any.
	TrustedDocuments string
	// LogLevel is the lowest level that is logged.
	LogLevel slog.Level
	// SlowRequest is the duration from which a request is logged whatever the
	// level; 0 for never.
	SlowRequest time.Duration
	// AdminAddr is the TCP address for operators on this machine; empty for none.
	AdminAddr string
	// MetricsAddr is the TCP address of /metrics; empty for none.
	MetricsAddr string
	// TracesURL is the base URL of an OpenTelemetry collector; empty for none.
	TracesURL string
	// TracesRatio is the share of the traces that begin here that is recorded, from
	// 0 to 1.
	TracesRatio float64
	// Subscriptions bounds what is open at a time.
	Subscriptions Subscriptions
	// DrainDelay is the time between a stop and the end of listening, while the
	// service is not ready.
	DrainDelay time.Duration
}

// Sandbox reports whether the service uses made-up chats in place of Texter's.
func (c Config) Sandbox() bool { return c.TexterURL == "" }

// Credentials reports whether callers need credentials of this service: access
// keys or JSON Web Tokens.
func (c Config) Credentials() bool { return c.AccessKeys != "" || c.JWTIssuer != "" }

// settings returns all settings with a flag, in the order of the help text.
func (c *Config) settings() []setting {
	return slices.Concat(c.serverSettings(), c.graphSettings(), c.authSettings(), c.texterSettings(), c.cacheSettings(), c.redisSettings(), c.liveSettings(), c.subscriptionSettings(), c.observeSettings())
}

// secrets returns all settings that have no flag, only environment variables.
func (c *Config) secrets() []secret {
	return slices.Concat(c.texterSecrets(), c.cacheSecrets(), c.redisSecrets(), c.liveSecrets())
}

// check checks the settings that depend on each other, after each has been read.
func (c *Config) check() error {
	return errors.Join(c.checkTexter(), c.checkCache(), c.checkRedis(), c.checkAuth(), c.checkServer())
}

// Parse reads the settings. Its error is flag.ErrHelp, after help has been
// written to output, or holds a *rule.Error that
// names the setting.
func Parse(args []string, getenv func(string) string, output io.Writer) (Config, error) {
	c, _, err := parse(args, getenv, output)
	return c, err
}

// parse does the work of Parse. It also returns the settings that have a flag,
// with the values in effect.
func parse(args []string, getenv func(string) string, output io.Writer) (c Config, settings []setting, err error) {
	settings = c.settings()
	if err := c.collect(settings, args, getenv, output); err != nil {
		return c, nil, err
	}
	for _, s := range settings {
		if err := s.read(s.value); err != nil {
			return c, nil, rule.New(s.name, err.Error())
		}
	}
	for _, s := range c.secrets() {
		path, err := s.load(getenv)
		if err != nil {
			return c, nil, err
		}
		if path != "" {
			if c.SecretFiles == nil {
				c.SecretFiles = map[string]string{}
			}
			c.SecretFiles[s.name] = path
		}
	}
	return c, settings, c.check()
}

// collect sets the values of the settings, which it does not read.
func (c *Config) collect(settings []setting, args []string, getenv func(string) string, output io.Writer) error {
	fs := flag.NewFlagSet("texter-graphql", flag.ContinueOnError)
	for i := range settings {
		s := &settings[i]
		fs.StringVar(&s.value, s.name, s.value, s.usage)
	}
	fs.SetOutput(io.Discard) // its errors quote values
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		fs.SetOutput(output)
		usage(fs, c.secrets())
		return err
	} else if err != nil || fs.NArg() > 0 {
		return rule.New("the command line", "has a word that is not a flag of this program: see -h")
	}
	fromEnvironment(fs, getenv)
	return nil
}

// Addr returns the address of a service that has these settings. It looks at no other
// setting, as some may be known to the service alone. Its errors are those of Parse.
func Addr(args []string, getenv func(string) string, output io.Writer) (string, error) {
	var c Config
	settings := c.settings()
	if err := c.collect(settings, args, getenv, output); err != nil {
		return "", err
	}
	for _, s := range settings {
		if s.name != "addr" {
			continue
		}
		if err := s.read(s.value); err != nil {
			return "", rule.New(s.name, err.Error())
		}
	}
	return c.Addr, nil
}

// fromEnvironment sets the flags that were not given from the environment.
func fromEnvironment(fs *flag.FlagSet, getenv func(string) string) {
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	fs.VisitAll(func(f *flag.Flag) {
		if value := getenv(variable(f.Name)); value != "" && !given[f.Name] {
			_ = fs.Set(f.Name, value) // which can't fail: all flags are strings
		}
	})
}

// variable returns the name of the environment variable of a flag.
func variable(flagName string) string {
	return strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

func usage(fs *flag.FlagSet, secrets []secret) {
	fmt.Fprint(fs.Output(), `texter-graphql serves GraphQL over Texter's REST API.

  texter-graphql [flags]                serves
  texter-graphql config check [flags]   checks the settings, and prints those in effect
  texter-graphql check upstream [flags] asks Texter what this service relies on; it only reads
  texter-graphql access-key NAME [SCOPE]
                                        makes an access key, and its line for -access-keys
  texter-graphql healthcheck [flags]    checks that the service with these flags is ready
  texter-graphql -version               prints the version

Without a project or URL the service uses an embedded sandbox with made-up chats.
Each flag has an environment variable: TEXTER_PROJECT stands for -texter-project.
The flag wins. These settings have environment variables only:

`)
	for _, s := range secrets {
		fmt.Fprintf(fs.Output(), "  %s or %s_FILE (a file that holds it)\n    \t%s\n", s.name, s.name, s.usage)
	}
	fmt.Fprintln(fs.Output())
	fs.PrintDefaults()
}
