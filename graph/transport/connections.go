package transport

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"texter-graphql/internal/refusal"
)

// Limits bound what is open at a time. 0 is the default.
type Limits struct {
	// Subscriptions is the largest number of subscriptions, and of WebSockets; 10,000
	// by default.
	Subscriptions int
	// SubscriptionsPerCaller is the largest number of either for one caller; 1,000 by
	// default. It does not hold for callers without a name.
	SubscriptionsPerCaller int
	// OperationsPerConnection is the largest number of operations in progress on one
	// WebSocket; 100 by default.
	OperationsPerConnection int
}

// Callers says who may call.
type Callers struct {
	// Authenticate lets requests in, and counts them for a rate limit: see HTTP. Nil
	// lets every request in.
	Authenticate func(*http.Request) (context.Context, error)
	// Identify does the same, but does not count a request that it lets in. Nil is
	// Authenticate.
	Identify func(*http.Request) (context.Context, error)
	// Name names the caller of a context that Authenticate returned; empty if callers
	// have no names. Nil if none has.
	Name func(context.Context) string
	// Validity returns a function that reports whether the caller of such a context
	// would still be let in, with the same rights. That takes no time. It returns nil
	// for a caller who always would. Nil does so for all.
	Validity func(context.Context) func() bool
}

// orAll returns callers whose functions can be called.
func (c Callers) orAll() Callers {
	if c.Authenticate == nil {
		c.Authenticate = func(r *http.Request) (context.Context, error) { return r.Context(), nil }
	}
	if c.Identify == nil {
		c.Identify = c.Authenticate
	}
	if c.Name == nil {
		c.Name = func(context.Context) string { return "" }
	}
	if c.Validity == nil {
		c.Validity = func(context.Context) func() bool { return nil }
	}
	return c
}

// Connection is a connection that stays open for subscriptions. Its methods do not
// wait for the client.
type Connection interface {
	// Check is called twice a second. It ends a connection that may not go on.
	Check(now time.Time)
	// Stop ends the connection, because the service stops.
	Stop()
}

// Connections are all connections that are open for subscriptions. They are safe
// for concurrent use.
type Connections struct {
	Callers  Callers
	Observer Observer // whose functions are not nil
	Limits   Limits   // none of which is 0

	mu            sync.Mutex
	open          map[Connection]struct{}
	stopping      bool
	subscriptions int
	webSockets    int
	callers       map[string]held
	ended         sync.WaitGroup
}

// held is what one caller holds.
type held struct{ subscriptions, webSockets int }

// NewConnections returns Connections, of which none is open.
func NewConnections(c Callers, o Observer, l Limits) *Connections {
	l.Subscriptions = cmp.Or(l.Subscriptions, 10_000)
	l.SubscriptionsPerCaller = cmp.Or(l.SubscriptionsPerCaller, 1000)
	l.OperationsPerConnection = cmp.Or(l.OperationsPerConnection, 100)
	return &Connections{Callers: c.orAll(), Observer: o.orNone(), Limits: l, open: map[Connection]struct{}{}, callers: map[string]held{}}
}

// errStopping refuses what would only end at once.
var errStopping = &refusal.Error{Status: http.StatusServiceUnavailable, Code: "OVERLOADED", Message: "This instance of the service stops: connect again.", RetryAfter: time.Second}

// Add adds a connection. It errors with a *refusal.Error if the service stops.
func (c *Connections) Add(connection Connection) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		return errStopping
	}
	c.open[connection] = struct{}{}
	c.ended.Add(1)
	return nil
}

// Remove removes a connection that has ended.
func (c *Connections) Remove(connection Connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, connection)
	c.ended.Done()
}

// AddSubscription counts a subscription of a caller. It errors with a
// *refusal.Error if there are too many.
func (c *Connections) AddSubscription(caller string) error {
	return c.add(caller, held{subscriptions: 1}, "subscriptions")
}

// RemoveSubscription counts a subscription no more.
func (c *Connections) RemoveSubscription(caller string) { c.change(caller, held{subscriptions: -1}) }

// AddWebSocket counts a WebSocket of a caller. It errors as AddSubscription does.
func (c *Connections) AddWebSocket(caller string) error {
	return c.add(caller, held{webSockets: 1}, "connections")
}

// RemoveWebSocket counts a WebSocket no more.
func (c *Connections) RemoveWebSocket(caller string) { c.change(caller, held{webSockets: -1}) }

func (c *Connections) add(caller string, more held, what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.callers[caller]
	switch {
	case caller != "" && max(own.subscriptions+more.subscriptions, own.webSockets+more.webSockets) > c.Limits.SubscriptionsPerCaller:
		return refusal.New(http.StatusTooManyRequests, "Too many "+what+" are open for this credential: close some.")
	case max(c.subscriptions+more.subscriptions, c.webSockets+more.webSockets) > c.Limits.Subscriptions:
		return &refusal.Error{Status: http.StatusServiceUnavailable, Code: "OVERLOADED", Message: "The service has no room for more " + what + ".", RetryAfter: 10 * time.Second}
	}
	c.count(caller, more)
	return nil
}

func (c *Connections) change(caller string, by held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count(caller, by)
}

// count counts what a caller opens or closes. The caller of count holds mu.
func (c *Connections) count(caller string, by held) {
	c.subscriptions += by.subscriptions
	c.webSockets += by.webSockets
	own := c.callers[caller]
	own.subscriptions += by.subscriptions
	own.webSockets += by.webSockets
	if c.callers[caller] = own; own == (held{}) {
		delete(c.callers, caller)
	}
}

// checkInterval is the time between two checks of a connection.
const checkInterval = 500 * time.Millisecond

// Watch checks all connections again and again, until ctx ends.
func (c *Connections) Watch(ctx context.Context) {
	ticks := time.NewTicker(checkInterval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticks.C:
			for _, connection := range c.all() {
				connection.Check(now)
			}
		}
	}
}

// all returns the connections that are open.
func (c *Connections) all() []Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Connection, 0, len(c.open))
	for connection := range c.open {
		all = append(all, connection)
	}
	return all
}

// Many connections are stopped over stopSpread, so that their clients do not all
// come back at once. Few are stopped sooner: each maxStopStep after the one before.
const (
	stopSpread  = 5 * time.Second
	maxStopStep = 10 * time.Millisecond
)

// Stop stops all connections, one after another, and returns when they have ended.
// No more are added.
func (c *Connections) Stop() {
	c.mu.Lock()
	c.stopping = true
	c.mu.Unlock()
	all := c.all()
	step := min(stopSpread/time.Duration(max(len(all), 1)), maxStopStep)
	begin := time.Now()
	for i, connection := range all {
		time.Sleep(time.Until(begin.Add(time.Duration(i) * step)))
		connection.Stop()
	}
	c.ended.Wait()
}
