// Package texter is a client of Texter's REST API: typed chats, typed errors,
// and nothing of GraphQL.
package texter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Defaults of Options.
const (
	DefaultTimeout          = 10 * time.Second
	DefaultMaxResponseBytes = 32 << 20
)

// Options configure a Client.
type Options struct {
	// BaseURL is where the API is, such as
	// https://acme.texterchat.com/server/api/v2. Plain http is for loopback
	// only: the token travels in a header.
	BaseURL string
	// Token returns the API token for a call; its context is the call's. An
	// error or an invalid token fails the call with CauseUnauthenticated before
	// anything is sent.
	Token func(context.Context) (string, error)
	// Transport sends the requests; nil is http.DefaultTransport. An error with a
	// method RetryAfter() time.Duration says that it held the request back. If it
	// also has a method StatusCode() int that returns 429, the call fails with
	// CauseRateLimited.
	Transport http.RoundTripper
	// Failed is called with the error of each call that fails; nil if nobody is
	// told. Its context is the call's.
	Failed func(context.Context, *Error)
	// Timeout bounds one call as a whole; 0 is DefaultTimeout.
	Timeout time.Duration
	// MaxResponseBytes bounds the body of a response, after decompression; 0 is
	// DefaultMaxResponseBytes. A page of MaxLimit chats takes about 12 MB. A body
	// is also bounded by MaxBodySize.
	MaxResponseBytes int64
	// Reuse makes the memory of a page that is released serve another page: see
	// SearchPage.Release. It is not for pages that are kept for long: they would
	// take more memory than they need.
	Reuse bool
	// Breach is called for each breach that a response shows by itself; may be nil.
	Breach func(context.Context, Breach)
}

// MaxBodySize is the largest size of the bodies of searches that ask for so many
// rows together, in bytes: 1 MiB for each search and 16 KiB for each row, and
// DefaultMaxResponseBytes for each search at most.
func MaxBodySize(searches, rows int) int {
	return min(searches<<20+rows<<14, searches*DefaultMaxResponseBytes)
}

// Client calls one Texter project. It is safe for concurrent use.
type Client struct {
	search    *http.Request // the parts that are the same in all searches
	labels    *http.Request // the parts that are the same in all calls for labels
	token     func(context.Context) (string, error)
	transport http.RoundTripper
	timeout   time.Duration
	maxBytes  int64
	reuse     bool
	failed    func(context.Context, *Error)
	breach    func(context.Context, Breach) // never nil
}

// ProjectURL is the base URL of the API of a Texter project, from its id. It
// errors unless the id can be the first label of a host name.
func ProjectURL(id string) (string, error) {
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return "", errors.New("a project id has only letters, digits and hyphens")
		}
	}
	if id == "" || len(id) > 63 || id[0] == '-' || id[len(id)-1] == '-' {
		return "", errors.New("a project id has 1 to 63 characters and no hyphen at either end")
	}
	return "https://" + id + ".texterchat.com/server/api/v2", nil
}

// NewClient makes a client. It errors when an option is missing or out of
// range; the error does not quote the option's value.
func NewClient(o Options) (*Client, error) {
	base, err := parseBaseURL(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("texter: %w", err)
	}
	if o.Token == nil {
		return nil, errors.New("texter: Options.Token is missing")
	}
	if o.Timeout < 0 || o.MaxResponseBytes < 0 {
		return nil, errors.New("texter: Options.Timeout and MaxResponseBytes must not be negative")
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxResponseBytes == 0 {
		o.MaxResponseBytes = DefaultMaxResponseBytes
	}
	if o.Failed == nil {
		o.Failed = func(context.Context, *Error) {}
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Breach == nil {
		o.Breach = func(context.Context, Breach) {}
	}
	search, err := http.NewRequest(http.MethodGet, base.JoinPath("chats", "search").String(), http.NoBody)
	if err != nil {
		return nil, errors.New("texter: the base URL can't be requested")
	}
	labels := search.Clone(search.Context())
	labels.URL = base.JoinPath("labels")
	return &Client{
		search:    search,
		labels:    labels,
		token:     o.Token,
		timeout:   o.Timeout,
		maxBytes:  o.MaxResponseBytes,
		transport: o.Transport,
		reuse:     o.Reuse,
		failed:    o.Failed,
		breach:    o.Breach,
	}, nil
}

// CheckBaseURL errors if NewClient would refuse a base URL. Its error does not
// quote the URL.
func CheckBaseURL(raw string) error {
	_, err := parseBaseURL(raw)
	return err
}

func parseBaseURL(raw string) (*url.URL, error) {
	base, err := url.Parse(raw)
	switch {
	case err != nil || base.Hostname() == "" || base.Opaque != "":
		return nil, errors.New("the base URL must be absolute")
	case base.User != nil || base.RawQuery != "" || base.ForceQuery || base.Fragment != "":
		return nil, errors.New("the base URL must have no user, query or fragment")
	case base.Scheme == "https":
	case base.Scheme == "http" && IsLoopback(base.Hostname()):
	default:
		return nil, errors.New("the base URL must be https; plain http is for loopback only")
	}
	if base.Path == "" {
		base.Path = "/" // else JoinPath makes a path without a slash in front
	}
	return base, nil
}

// IsLoopback reports whether a host is this machine itself: localhost, or an IP
// address of the loopback range.
func IsLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// SearchChats asks for one page of chats. Its error is an *Error. It does not
// check the options against the API's rules: Texter does.
func (c *Client) SearchChats(ctx context.Context, o SearchOptions) (*SearchPage, error) {
	page, err := c.searchChats(ctx, o)
	if err != nil {
		c.report(ctx, err)
		return nil, err
	}
	page.breaches.report(ctx, c.breach)
	return page, nil
}

func (c *Client) searchChats(ctx context.Context, o SearchOptions) (*SearchPage, error) {
	if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > c.timeout {
		bounded, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		ctx = bounded
	}
	res, err := c.send(ctx, c.search, o.Query())
	if err != nil {
		return nil, err
	}
	var pool *sync.Pool
	if c.reuse {
		pool = poolFor(o.limit())
	}
	// A buffer that is taken now, not before the call, is mostly the last page's,
	// which the processor still has in its cache.
	page, err := readPage(pool, func(b *buffer) (*SearchPage, error) {
		body, err := b.readResponse(ctx, res, min(c.maxBytes, int64(MaxBodySize(1, o.limit()))))
		if err != nil {
			return nil, err
		}
		if p := o.Previous; p != nil && bytes.Equal(body, p.body) {
			return nil, errSame
		}
		return o.decode(body, b)
	})
	if errors.Is(err, errSame) {
		return o.Previous, nil
	}
	return page, err
}

// report gives the error of a call to Options.Failed, if there is one, and its
// breach to Options.Breach.
func (c *Client) report(ctx context.Context, err error) {
	failed, ok := errors.AsType[*Error](err)
	if !ok {
		return
	}
	c.failed(ctx, failed)
	if failed.Breach != "" {
		c.breach(ctx, failed.Breach)
	}
}

// errSame says that a body is the one of SearchOptions.Previous.
var errSame = errors.New("the same body")

// send sends an authorized call with this query and returns the response, whose
// status is 200. It follows no redirect: the API has none, and one could carry the
// token elsewhere.
func (c *Client) send(ctx context.Context, call *http.Request, query string) (*http.Response, error) {
	token, err := c.token(ctx)
	if err != nil || !ValidToken(token) {
		return nil, &Error{Cause: CauseUnauthenticated, detail: "no token, or not one that a header can carry", err: err}
	}
	values := [...]string{"Bearer " + token, "application/json", "gzip", "texter-graphql"}
	target := *call.URL
	target.RawQuery = query
	req := call.WithContext(ctx)
	req.URL = &target
	req.Header = http.Header{
		"Authorization": values[:1:1], "Accept": values[1:2:2], "Accept-Encoding": values[2:3:3], "User-Agent": values[3:],
	}
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, transportError(ctx, err)
	}
	if res.StatusCode != http.StatusOK {
		defer res.Body.Close()
		return nil, statusError(res, time.Now())
	}
	return res, nil
}

// ValidToken reports whether a token is visible ASCII, so that it stays one
// word of one header.
func ValidToken(token string) bool {
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return false
		}
	}
	return token != ""
}
