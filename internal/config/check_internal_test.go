package config

import "testing"

func TestRedact(t *testing.T) {
	for value, want := range map[string]string{
		"":                              "",
		"30s":                           "30s",
		"user:secret@host":              "user:secret@host", // no URL
		"redis://host:6379/1":           "redis://host:6379/1",
		"redis://user@host":             "redis://user@host",
		"redis://user:secret@host/1":    "redis://user:xxxxx@host/1",
		"redis://:secret@host":          "redis://:xxxxx@host",
		"redis://user:s@ec:ret@host":    "redis://user:xxxxx@host",
		"redis://user:secret@a:1,b:2/0": "redis://user:xxxxx@a:1,b:2/0",
		"https://host/path?key=secret":  "https://host/path?xxxxx",
		"https://a:secret@host?secret":  "https://a:xxxxx@host?xxxxx",
		"https://host?secret@host":      "https://host?xxxxx",
	} {
		t.Run(value, func(t *testing.T) {
			if got := redact(value); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
