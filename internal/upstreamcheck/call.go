package upstreamcheck

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// response is a response of Texter.
type response struct {
	status int
	isJSON bool
	gzip   bool
	total  int // -1 if there is none
	rows   []map[string]any
	labels []map[string]any
}

// Bounds of a call.
const (
	callTimeout = time.Minute
	maxBody     = 64 << 20
	longestWait = time.Minute // after a 429
	tries       = 3
)

// get makes a call. After a 429 it waits and asks again.
func (c *checker) get(ctx context.Context, path string) (*response, error) {
	for try := 1; ; try++ {
		if len(c.times) > 0 {
			if err := sleep(ctx, c.Pause); err != nil {
				return nil, err
			}
		}
		r, header, err := c.once(ctx, path)
		if err != nil || r.status != http.StatusTooManyRequests || try == tries {
			return r, err
		}
		c.limited++
		wait := max(c.Pause, time.Second)
		if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil && seconds >= 0 {
			c.asked++
			wait = min(time.Duration(seconds)*time.Second, longestWait)
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// transport follows no redirect.
var transport = &http.Transport{Proxy: http.ProxyFromEnvironment, DisableCompression: true, MaxIdleConnsPerHost: 1}

func (c *checker) once(ctx context.Context, path string) (*response, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.BaseURL, "/")+path, http.NoBody)
	if err != nil {
		return nil, nil, errNoResponse
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("User-Agent", "texter-graphql")
	start := time.Now()
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, nil, errNoResponse
	}
	defer res.Body.Close()
	r := &response{status: res.StatusCode, total: -1}
	body := io.Reader(res.Body)
	if r.gzip = res.Header.Get("Content-Encoding") == "gzip"; r.gzip {
		if body, err = gzip.NewReader(res.Body); err != nil {
			return nil, nil, errNoResponse
		}
	}
	text, err := io.ReadAll(io.LimitReader(body, maxBody))
	if err != nil {
		return nil, nil, errNoResponse
	}
	c.times = append(c.times, time.Since(start))
	r.read(text)
	return r, res.Header, nil
}

// read reads a body. What does not have the documented form is left out.
func (r *response) read(text []byte) {
	var body map[string]json.RawMessage
	if r.isJSON = json.Unmarshal(text, &body) == nil; !r.isJSON {
		return
	}
	if json.Unmarshal(body["total"], &r.total) != nil {
		r.total = -1
	}
	_ = json.Unmarshal(body["data"], &r.rows)
	_ = json.Unmarshal(body["labels"], &r.labels)
}
