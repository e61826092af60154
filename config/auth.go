package config

func (c *Config) authSettings() []setting {
	return []setting{
		{"access-keys", "", "`file` of access keys that let callers in while TEXTER_API_TOKEN is set;\ntexter-graphql access-key NAME makes them", text(&c.AccessKeys)},
	}
}

func (c *Config) checkAuth() error {
	c.LocalOnly = c.TexterToken != "" && !c.Credentials()
	if c.AccessKeys != "" && c.TexterToken == "" {
		return &Error{"access-keys", "needs TEXTER_API_TOKEN: without it callers bring their own Texter tokens"}
	}
	return nil
}
