package config

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
)

// Live holds the settings of the live feed: see package live.
type Live struct {
	// Interval is how often a list is read while somebody watches it.
	Interval time.Duration
	// Window is how many rows of a list are watched.
	Window int
	// Polls is how often all lists of a credential are read together, per second.
	Polls float64
	// WebhookSecret is what webhooks have to bring; empty to receive none.
	WebhookSecret string
	// SandboxTraffic is the mean time between two changes of the embedded sandbox; 0
	// for none.
	SandboxTraffic time.Duration
}

const (
	minLiveInterval        = 500 * time.Millisecond
	minWebhookSecretLength = 16
)

func (c *Config) liveSettings() []setting {
	return []setting{
		{"live-interval", live.DefaultInterval.String(), "`duration` between two readings of a list that somebody watches, 500ms or more", c.readLiveInterval},
		{"live-window", strconv.Itoa(live.DefaultWindow), "how many of the newest `chats` of a list are watched", count(&c.Live.Window, relay.MaxSnapshot)},
		{"live-polls", "10", "how many `readings` of all lists that are watched may be made per second, for\neach token for Texter; with more lists, each is read less often", c.readLivePolls},
		{"sandbox-traffic", "2s", "mean `duration` between two changes of the embedded sandbox; 0 keeps it still", delay(&c.Live.SandboxTraffic)},
	}
}

func (c *Config) liveSecrets() []secret {
	return []secret{
		{"WEBHOOK_SECRET", "what Texter's webhooks have to bring; without it, none are received; openssl rand -hex 32 makes one", c.readWebhookSecret},
	}
}

func (c *Config) readLiveInterval(value string) (err error) {
	if c.Live.Interval, err = time.ParseDuration(value); err != nil || c.Live.Interval < minLiveInterval {
		return fmt.Errorf("must be a duration of %s or more, such as 3s", minLiveInterval)
	}
	return nil
}

func (c *Config) readLivePolls(value string) (err error) {
	if c.Live.Polls, err = strconv.ParseFloat(value, 64); err != nil || !(c.Live.Polls >= 0.1 && c.Live.Polls <= 1000) {
		return errors.New("must be a number from 0.1 to 1000")
	}
	return nil
}

func (c *Config) readWebhookSecret(value string) error {
	c.Live.WebhookSecret = value
	return CheckWebhookSecret(value)
}

// CheckWebhookSecret errors if a value can't be the secret of webhooks.
func CheckWebhookSecret(value string) error {
	if len(value) < minWebhookSecretLength {
		return fmt.Errorf("must have at least %d characters", minWebhookSecretLength)
	}
	return nil
}
