package config

import (
	"errors"
	"net"
	"strconv"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/upstream"
)

func (c *Config) texterSettings() []setting {
	return []setting{
		{"texter-project", "", "Texter project `id`; the API is then https://ID.texterchat.com/server/api/v2", c.readProject},
		{"texter-url", "", "base `URL` of Texter's API, instead of a project id", c.readURL},
		{"sandbox", "false", "`true` or false: serve made-up chats also beyond this machine, where neither\ntexter-project nor texter-url is set", boolean(&c.AllowSandbox)},
		{"sandbox-chats", "5000", "`number` of chats that the embedded sandbox makes up", count(&c.SandboxChats, 1_000_000)},
		{"texter-timeout", texter.DefaultTimeout.String(), "`duration` that one call to Texter may take", duration(&c.TexterTimeout)},
		{"texter-attempt-timeout", upstream.DefaultAttemptTimeout.String(), "`duration` after which an attempt at a call fails if no answer has begun", duration(&c.TexterAttemptTimeout)},
		{"texter-concurrency", strconv.Itoa(upstream.DefaultConcurrency), "largest `number` of calls to Texter at the same time; as many more wait, others are refused", count(&c.TexterConcurrency, 100_000)},
		{"texter-transport", "direct", "`transport` that sends the calls to Texter: direct takes less processor time;\nstandard is Go's net/http, with HTTP/2 where Texter offers it", c.readTransport},
	}
}

func (c *Config) texterSecrets() []secret {
	return []secret{{
		"TEXTER_API_TOKEN",
		"the API token for every call; without it, the bearer token of each caller is passed on",
		c.readToken,
	}}
}

func (c *Config) readProject(id string) error {
	if id == "" {
		return nil
	}
	url, err := texter.ProjectURL(id)
	if err != nil {
		return errors.New("is not valid: " + err.Error())
	}
	c.TexterURL = url
	return nil
}

// readURL is called after readProject.
func (c *Config) readURL(url string) error {
	if url == "" {
		return nil
	}
	if c.TexterURL != "" {
		return errors.New("must not be set together with texter-project")
	}
	if err := texter.CheckBaseURL(url); err != nil {
		return errors.New("is not valid: " + err.Error())
	}
	c.TexterURL = url
	return nil
}

func (c *Config) readTransport(name string) error {
	if name != "direct" && name != "standard" {
		return errors.New("must be direct or standard")
	}
	c.TexterNetHTTP = name == "standard"
	return nil
}

func (c *Config) readToken(token string) error {
	c.TexterToken = token
	return CheckToken(token)
}

// CheckToken errors if a token can't be that of the service.
func CheckToken(token string) error {
	if !texter.ValidToken(token) {
		return errors.New("must be one word of visible ASCII, without line breaks")
	}
	return nil
}

func (c *Config) checkTexter() error {
	if c.TexterToken != "" && c.Sandbox() {
		return rule.New("TEXTER_API_TOKEN", "needs texter-project or texter-url to be set as well")
	}
	if c.AllowSandbox && !c.Sandbox() {
		return rule.New("sandbox", "must not be true while texter-project or texter-url is set: there is no sandbox then")
	}
	if host, _, _ := net.SplitHostPort(c.Addr); c.Sandbox() && !c.AllowSandbox && !texter.IsLoopback(host) {
		return rule.New("texter-project", "must be set while addr is not a loopback address; to serve made-up chats to other machines, set sandbox to true")
	}
	return nil
}
