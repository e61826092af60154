package relay_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"texter-graphql/graph/relay"
	"texter-graphql/internal/rule"
)

// TestArguments: the first argument that breaks a rule is named; empty if none does.
func TestArguments(t *testing.T) {
	cursor := new("a cursor")
	for _, test := range []struct {
		name   string
		input  relay.PageInput
		broken string
	}{
		{"none", relay.PageInput{}, ""},
		{"the smallest first", relay.PageInput{First: new(0)}, ""},
		{"the largest first", relay.PageInput{First: new(relay.MaxSize)}, ""},
		{"a first below 0", relay.PageInput{First: new(-1)}, "first"},
		{"a first that is too large", relay.PageInput{First: new(relay.MaxSize + 1)}, "first"},
		{"the smallest last", relay.PageInput{Last: new(0)}, ""},
		{"the largest last", relay.PageInput{Last: new(relay.MaxSize)}, ""},
		{"a last below 0", relay.PageInput{Last: new(-1)}, "last"},
		{"a last that is too large", relay.PageInput{Last: new(relay.MaxSize + 1)}, "last"},
		{"the largest skip", relay.PageInput{Skip: new(math.MaxInt32)}, ""},
		{"a skip below 0", relay.PageInput{Skip: new(-1)}, "skip"},
		{"a skip that no Int has", relay.PageInput{Skip: new(math.MaxInt32 + 1)}, "skip"},
		{"after", relay.PageInput{After: cursor}, ""},
		{"after with first", relay.PageInput{First: new(1), After: cursor}, ""},
		{"before with last", relay.PageInput{Last: new(1), Before: cursor}, ""},
		{"first with last", relay.PageInput{First: new(1), Last: new(1)}, "last"},
		{"after with last", relay.PageInput{Last: new(1), After: cursor}, "after"},
		{"before", relay.PageInput{Before: cursor}, "before"},
		{"before with first", relay.PageInput{First: new(1), Before: cursor}, "before"},
		{"skip with first", relay.PageInput{First: new(1), Skip: new(1)}, ""},
		{"skip with last", relay.PageInput{Last: new(1), Skip: new(1)}, "skip"},
		{"skip with a cursor", relay.PageInput{After: cursor, Skip: new(1)}, "skip"},
	} {
		t.Run(test.name, func(t *testing.T) {
			check := func(page *relay.PageInput, plain relay.PageInput, prefix string) {
				t.Helper()
				_, err := relay.ParseArguments(page, plain)
				name := ""
				if broken, ok := errors.AsType[*rule.Error](err); ok {
					name = broken.Name
				}
				if want := prefix + test.broken; (err == nil) != (test.broken == "") || err != nil && name != want {
					t.Errorf("got %v, want an error of %s", err, want)
				}
			}
			check(nil, test.input, "")
			check(&test.input, relay.PageInput{}, "page.")
		})
	}
	t.Run("an object with a plain argument", func(t *testing.T) {
		for i, plain := range []relay.PageInput{{First: new(1)}, {Last: new(1)}, {After: cursor}, {Before: cursor}} {
			_, err := relay.ParseArguments(&relay.PageInput{}, plain)
			if broken, ok := errors.AsType[*rule.Error](err); !ok || broken.Name != "page" {
				t.Errorf("%s: got %v", fmt.Sprint("argument ", i), err)
			}
		}
	})
}
