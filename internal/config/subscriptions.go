package config

// Subscriptions bounds what is open at a time.
type Subscriptions struct {
	// Max is the largest number of subscriptions, and of WebSockets.
	Max int
	// MaxPerCaller is the largest number of either for one caller.
	MaxPerCaller int
	// MaxPerConnection is the largest number of operations in progress on one
	// WebSocket.
	MaxPerConnection int
}

func (c *Config) subscriptionSettings() []setting {
	const most = 1_000_000
	return []setting{
		{"max-subscriptions", "10000", "`number` of subscriptions that may be open, and of WebSockets", count(&c.Subscriptions.Max, most)},
		{"max-subscriptions-per-caller", "1000", "`number` of subscriptions that one caller may have open, and of WebSockets", count(&c.Subscriptions.MaxPerCaller, most)},
		{"max-operations-per-connection", "100", "`number` of operations that may be in progress on one WebSocket", count(&c.Subscriptions.MaxPerConnection, most)},
	}
}
