// Package redisclient makes the connection to Redis that all parts of the service
// share: to one server, to a cluster, or to the master that Sentinels name.
package redisclient

import (
	"cmp"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// DefaultTimeout is the Timeout of Options if that is 0.
const DefaultTimeout = 250 * time.Millisecond

// Options say where Redis is, and how to connect to it.
type Options struct {
	// URL is redis://user:password@host:port/database, rediss: for TLS, or
	// unix:///path/of/socket. In place of host:port there can be several, with commas
	// between them: nodes of a cluster, or Sentinels if SentinelMaster is set.
	URL string
	// Cluster says that the one host of URL is a node of a cluster. Several hosts
	// always are, without SentinelMaster.
	Cluster bool
	// SentinelMaster is the name by which the Sentinels of URL know the master; empty
	// without Sentinels.
	SentinelMaster string
	// SentinelUser and what SentinelPassword returns are for the Sentinels. Those of
	// URL are for the master. SentinelPassword is called by New and by
	// Client.Reconnect. Nil is no password.
	SentinelUser     string
	SentinelPassword func() string
	// Password is called for each new connection. It replaces the password of URL,
	// unless it returns "". Nil is the password of URL.
	Password func() string
	// TLS is called for each new connection of rediss. Nil is Go's default. A
	// connection checks the name that it was made for if ServerName is empty.
	TLS func() *tls.Config
	// Timeout is how long a command takes at most; 0 means DefaultTimeout.
	Timeout time.Duration
}

// Errors of Check.
var (
	errURL     = errors.New("must be a URL such as redis://host:6379/0, rediss://user@host:6380 or redis://host1:6379,host2:6379")
	errCluster = errors.New("must name no database: a cluster has only database 0. If the hosts are Sentinels, set redis-sentinel-master")
	errSocket  = errors.New("must name hosts, not a socket, for a cluster or Sentinels")
)

// Check errors if New would not take the options. Its error follows the name of the
// setting of the URL, and quotes nothing.
func (o Options) Check() error {
	_, err := o.universal()
	return err
}

// Encrypted reports whether the URL asks for TLS.
func (o Options) Encrypted() bool { return strings.HasPrefix(o.URL, "rediss://") }

// universal returns what go-redis needs to connect. go-redis decides by it whether
// to connect to one server, to a cluster or by Sentinels.
func (o Options) universal() (*redis.UniversalOptions, error) {
	parsed, addresses, err := parseURL(o.URL, o.SentinelMaster != "")
	if err != nil {
		return nil, err
	}
	cluster := o.SentinelMaster == "" && (o.Cluster || len(addresses) > 1)
	switch {
	case cluster && parsed.DB != 0:
		return nil, errCluster
	case (cluster || o.SentinelMaster != "") && parsed.Network == "unix":
		return nil, errSocket
	}
	timeout := cmp.Or(o.Timeout, DefaultTimeout)
	u := &redis.UniversalOptions{
		Addrs: addresses, DB: parsed.DB, IsClusterMode: cluster,
		MasterName: o.SentinelMaster, SentinelUsername: o.SentinelUser,
		DialTimeout: timeout, ReadTimeout: timeout, WriteTimeout: timeout, PoolTimeout: timeout,
		ContextTimeoutEnabled: true, MaxRetries: -1, DialerRetries: 1, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if o.SentinelPassword != nil {
		u.SentinelPassword = o.SentinelPassword()
	}
	password := func() string { return "" }
	if o.Password != nil {
		password = o.Password
	}
	u.CredentialsProvider = func() (string, string) { return parsed.Username, cmp.Or(password(), parsed.Password) }
	dialer := &net.Dialer{Timeout: timeout}
	u.Dialer = dialer.DialContext
	if parsed.TLSConfig != nil {
		u.Dialer = dialTLS(dialer, o.TLS)
	}
	return u, nil
}

// parseURL parses a URL that may have several hosts. It returns the options of the
// first one, and the addresses of all.
func parseURL(raw string, sentinels bool) (*redis.Options, []string, error) {
	scheme, rest, _ := strings.Cut(raw, "://")
	if scheme == "unix" {
		options, err := redis.ParseURL(raw)
		if err != nil || !strings.HasPrefix(options.Addr, "/") {
			return nil, nil, errURL
		}
		return options, []string{options.Addr}, nil
	}
	authority, path := rest, ""
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority, path = rest[:end], rest[end:]
	}
	user, hosts := "", authority
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		user, hosts = authority[:at+1], authority[at+1:]
	}
	var first *redis.Options
	var addresses []string
	for host := range strings.SplitSeq(hosts, ",") {
		options, address, err := parseHost(scheme+"://"+user+host+path, sentinels)
		if err != nil {
			return nil, nil, errURL
		}
		addresses = append(addresses, address)
		first = cmp.Or(first, options)
	}
	return first, addresses, nil
}

// parseHost parses a URL with one host. Its address has a port.
func parseHost(raw string, sentinel bool) (*redis.Options, string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, "", errURL
	}
	options, err := redis.ParseURL(raw)
	if err != nil {
		return nil, "", errURL
	}
	port := "6379"
	if sentinel {
		port = "26379"
	}
	return options, net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port)), nil
}
