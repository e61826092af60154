package redisclient

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
)

// Client is connected to Redis. One serves all parts of the service. It is safe for
// concurrent use.
//
// In a cluster, the keys of one command, script or transaction must be in one slot:
// use commands of one key. A pipeline may have any keys.
type Client struct {
	options Options
	timeout time.Duration

	mu    sync.RWMutex // is read-locked while a command uses redis
	redis redis.UniversalClient
}

// New makes a client. It errors as Options.Check does. It does not connect yet:
// Redis may be down.
func New(o Options) (*Client, error) {
	universal, err := o.universal()
	if err != nil {
		return nil, fmt.Errorf("the URL of Redis %w", err)
	}
	logging.Disable() // it would write addresses to the standard error
	return &Client{options: o, redis: redis.NewUniversalClient(universal), timeout: cmp.Or(o.Timeout, DefaultTimeout)}, nil
}

// Reconnect replaces all connections, once the commands under way are done: go-redis
// asks for the password of Sentinels only when its client is made.
func (c *Client) Reconnect() {
	universal, err := c.options.universal()
	if err != nil {
		return // New has taken the same options
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.redis.Close() // what fails here is closed all the same
	c.redis = redis.NewUniversalClient(universal)
}

// Close disconnects from Redis, and cuts the commands that are under way.
func (c *Client) Close() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_ = c.redis.Close() // as above
}

// Subscribe subscribes to a channel. The caller closes it. It fails once Reconnect or
// Close has replaced the connections.
func (c *Client) Subscribe(ctx context.Context, channel string) (subscription *redis.PubSub) {
	_ = c.use(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		subscription = client.Subscribe(ctx, channel)
		return nil
	})
	return subscription
}

// use calls ask with the connections of now.
func (c *Client) use(ctx context.Context, ask func(context.Context, redis.UniversalClient) error) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return ask(ctx, c.redis)
}

// dialTLS connects with TLS. It asks for the configuration each time, which may have
// changed.
func dialTLS(dialer *net.Dialer, config func() *tls.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d := tls.Dialer{NetDialer: dialer}
		if config != nil {
			d.Config = config()
		}
		return d.DialContext(ctx, network, address)
	}
}
