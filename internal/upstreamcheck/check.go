// Package upstreamcheck asks Texter's API what its reference leaves open and this
// service relies on. It only reads, and makes few calls. It shares no code with
// package texter, so that both do not have the same mistake.
package upstreamcheck

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Options say what to check.
type Options struct {
	// BaseURL is where the API is: see texter.Options.
	BaseURL string
	// Token is the API token.
	Token string
	// Pause is how long to wait before each call but the first.
	Pause time.Duration
}

// Verdict is what a finding means for this service.
type Verdict string

// The verdicts.
const (
	OK     Verdict = "ok"     // as the reference says, or as the service expects
	Note   Verdict = "note"   // another way, which the service can live with
	Unseen Verdict = "unseen" // nothing in this project shows it
	Breaks Verdict = "breaks" // something would fail, or be wrong
)

// Finding is the answer to one question. It has no personal data.
type Finding struct {
	// Name says what was asked.
	Name string
	// Verdict is what the answer means.
	Verdict Verdict
	// Seen is the answer, and Meaning what follows from it; either may be empty.
	Seen, Meaning string
}

// checker makes the calls, and collects findings.
type checker struct {
	Options
	findings []Finding
	times    []time.Duration // of the calls
	limited  int             // how often Texter answered 429
	asked    int             // how many of these had Retry-After
}

// Run asks all questions, in about 20 calls. It stops after the first one if Texter
// does not accept the token. It errors if a call gets no response.
func Run(ctx context.Context, o Options) ([]Finding, error) {
	c := &checker{Options: o}
	first, err := c.search(ctx, "limit", "1")
	if err != nil {
		return nil, err
	}
	if !c.token(first) {
		return c.findings, nil
	}
	for _, ask := range []func(context.Context) error{
		c.refusals, c.rows, c.size, c.messageless, c.filters, c.labels,
	} {
		if err := ask(ctx); err != nil {
			return c.findings, err
		}
	}
	c.traffic()
	return c.findings, nil
}

func (c *checker) add(name string, v Verdict, seen, meaning string) {
	c.findings = append(c.findings, Finding{name, v, seen, meaning})
}

// require adds a finding that is OK if it holds, and else breaks something.
func (c *checker) require(name string, holds bool, seen, otherwise string) {
	if holds {
		c.add(name, OK, seen, "")
		return
	}
	c.add(name, Breaks, seen, otherwise)
}

// token checks that the token may search.
func (c *checker) token(r *response) bool {
	switch r.status {
	case http.StatusOK:
		c.add("token", OK, "may list all chats", "")
	case http.StatusUnauthorized:
		c.add("token", Breaks, "401", "Texter does not know the token: no request works")
	case http.StatusForbidden:
		c.add("token", Breaks, "403", `the token lacks the scope "List all chats": no request works`)
	default:
		c.add("token", Breaks, strconv.Itoa(r.status), "the search does not answer: no request works")
	}
	return r.status == http.StatusOK
}

// refusals checks what Texter answers to a wrong token and to a wrong parameter.
func (c *checker) refusals(ctx context.Context) error {
	wrong := *c
	wrong.Token = "texter-graphql-check"
	r, err := wrong.search(ctx, "limit", "1")
	c.times, c.limited, c.asked = wrong.times, wrong.limited, wrong.asked
	if err != nil {
		return err
	}
	c.require("wrong token", r.status == http.StatusUnauthorized, fmt.Sprint(r.status),
		"a wrong token must be 401: callers with wrong tokens would not be told so")
	if r, err = c.search(ctx, "limit", "0"); err != nil {
		return err
	}
	c.require("wrong parameter", r.status == http.StatusBadRequest, fmt.Sprint(r.status),
		"a wrong parameter must be 400: the service could not tell whose fault it is")
	form, verdict := "JSON", OK
	if !r.isJSON {
		form, verdict = "not JSON", Note
	}
	c.add("body of errors", verdict, form, "the service does not read it")
	return nil
}

// filters checks that Texter applies filters, by values that its rows have.
func (c *checker) filters(ctx context.Context) error {
	all, err := c.search(ctx, "limit", "100")
	if err != nil {
		return err
	}
	status := func(row map[string]any) string {
		names := []string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK"}
		if n, ok := row["status"].(float64); ok && n >= 0 && int(n) < len(names) {
			return names[int(n)]
		}
		return ""
	}
	err = c.filter(ctx, "filter by status", all, func(row map[string]any) []string {
		return pair("statuses[]", status(row))
	})
	if err != nil {
		return err
	}
	err = c.filter(ctx, "filter by label", all, func(row map[string]any) []string {
		labels, _ := row["labels"].([]any)
		if len(labels) == 0 {
			return nil
		}
		label, _ := labels[0].(string)
		return pair("labels[]", label)
	})
	if err != nil {
		return err
	}
	return c.filter(ctx, "filter by channel", all, func(row map[string]any) []string {
		info, _ := row["channelInfo"].(map[string]any)
		name, _ := info["name"].(string)
		account, _ := info["accountId"].(string)
		if !slices.Contains([]string{"whatsapp", "messenger", "instagram", "website_chat", "email"}, name) || account == "" {
			return nil
		}
		return []string{"channel[name]", name, "channel[accountId]", account}
	})
}

func pair(name, value string) []string {
	if value == "" {
		return nil
	}
	return []string{name, value}
}

// filter searches by the value that the first row with one has, and looks whether all
// rows that are found have it too.
func (c *checker) filter(ctx context.Context, name string, all *response, parameters func(map[string]any) []string) error {
	var wanted []string
	for _, row := range all.rows {
		if wanted = parameters(row); wanted != nil {
			break
		}
	}
	if wanted == nil {
		c.add(name, Unseen, "no chat of the newest 100 has one", "")
		return nil
	}
	r, err := c.search(ctx, append(wanted, "limit", "100")...)
	if err != nil {
		return err
	}
	others := 0
	for _, row := range r.rows {
		if !matches(row, wanted) {
			others++
		}
	}
	c.require(name, r.status == http.StatusOK && others == 0 && len(r.rows) > 0, fmt.Sprintf("%d chats, %d of them do not match", len(r.rows), others),
		"the service fails such searches (UPSTREAM_INVALID_RESPONSE), so that nobody sees chats outside of a scope")
	return nil
}

// matches reports whether a row has the wanted value.
func matches(row map[string]any, wanted []string) bool {
	switch wanted[0] {
	case "statuses[]":
		n, _ := row["status"].(float64)
		return slices.Index([]string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK"}, wanted[1]) == int(n)
	case "labels[]":
		labels, _ := row["labels"].([]any)
		return slices.Contains(labels, any(wanted[1]))
	}
	info, _ := row["channelInfo"].(map[string]any)
	return info["name"] == wanted[1] && info["accountId"] == wanted[3]
}

// traffic adds what all calls showed together.
func (c *checker) traffic() {
	slices.Sort(c.times)
	median, slowest := c.times[len(c.times)/2].Round(time.Millisecond), c.times[len(c.times)-1].Round(time.Millisecond)
	seen := fmt.Sprintf("median %s, slowest %s of %d calls", median, slowest, len(c.times))
	switch {
	case slowest > slowCall:
		c.add("latency", Breaks, seen, "a call this slow is repeated, and then fails: raise -texter-attempt-timeout and -texter-timeout")
	default:
		c.add("latency", OK, seen, "")
	}
	switch {
	case c.limited == 0:
		c.add("rate limit", Unseen, "no 429", "a limit is not told in advance; -cache-ttl and -rate-limit make fewer calls")
	case c.asked < c.limited:
		c.add("rate limit", Note, fmt.Sprintf("%d times 429, without Retry-After", c.limited), "the service waits for times of its own")
	default:
		c.add("rate limit", Note, fmt.Sprintf("%d times 429, with Retry-After", c.limited), "the service waits as it is told")
	}
}

// slowCall is the default of -texter-attempt-timeout.
const slowCall = 7 * time.Second

// search calls the search with these names and values of parameters.
func (c *checker) search(ctx context.Context, parameters ...string) (*response, error) {
	query := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		query.Add(parameters[i], parameters[i+1])
	}
	return c.get(ctx, "/chats/search?"+query.Encode())
}

// errNoResponse is the error of a call without a response. It has no address.
var errNoResponse = errors.New("check upstream: no response: look at the project or URL, and the way to Texter")
