package rule_test

import (
	"errors"
	"fmt"
	"testing"

	"texter-graphql/internal/rule"
)

func TestError(t *testing.T) {
	kind := errors.New("kind")
	t.Run("the message has the name and the rule", func(t *testing.T) {
		if got := rule.New("page.first", "must not be negative").Error(); got != "page.first must not be negative" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("errors.Is finds its kind", func(t *testing.T) {
		if err := error(&rule.Error{Name: "after", Rule: "must be a cursor", Kind: kind}); !errors.Is(err, kind) {
			t.Error("it does not")
		}
	})
	t.Run("an ordinary error has no kind", func(t *testing.T) {
		if err := error(rule.New("after", "must be a cursor")); errors.Is(err, kind) || errors.Unwrap(err) != nil {
			t.Errorf("it has %v", errors.Unwrap(err))
		}
	})
}

func TestWithin(t *testing.T) {
	kind := errors.New("kind")
	t.Run("it adds a prefix to the name", func(t *testing.T) {
		err := rule.Within("filter.", rule.Within("channel.", rule.New("accountId", "must not be empty")))
		if want := "filter.channel.accountId must not be empty"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	})
	t.Run("it keeps the kind", func(t *testing.T) {
		if err := rule.Within("filter.", &rule.Error{Name: "labels", Kind: kind}); !errors.Is(err, kind) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("it finds an error that another one wraps", func(t *testing.T) {
		err := rule.Within("filter.", fmt.Errorf("%w", rule.New("labels", "must not be empty")))
		if broken, ok := errors.AsType[*rule.Error](err); !ok || broken.Name != "filter.labels" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("it does not change an error of another type", func(t *testing.T) {
		if err := rule.Within("filter.", kind); err != kind {
			t.Errorf("got %v", err)
		}
	})
	t.Run("it does not make an error of nil", func(t *testing.T) {
		if err := rule.Within("filter.", nil); err != nil {
			t.Errorf("got %v", err)
		}
	})
}
