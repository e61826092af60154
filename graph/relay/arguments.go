package relay

import (
	"fmt"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// DefaultSize is how many chats a page has if neither first nor last is given.
const DefaultSize = texter.DefaultLimit

// MaxSize is the largest first and last.
const MaxSize = texter.MaxLimit

// maxSkip is the largest Int of GraphQL.
const maxSkip = 1<<31 - 1

// PageInput says which page is asked for: the arguments of Cursor Connections,
// section 5, and skip, for numbered pages. An argument that is not given is nil.
type PageInput struct {
	First  *int
	After  *string
	Last   *int
	Before *string
	Skip   *int
}

// Arguments are paging arguments that were checked: see ParseArguments.
type Arguments struct {
	size     int
	backward bool    // the page ends before the cursor, or at the end of the list
	cursor   *string // anchor of the page; nil for none
	skip     int
	prefix   string // of the arguments' names, for errors: "page." or ""
	calls    int    // that the page may take, where a search returns fewer rows than it is asked for
}

// Within returns the arguments of a page that may take so many calls, in place of
// MaxRequests, where a search returns fewer rows than it is asked for.
func (a Arguments) Within(calls int) Arguments {
	a.calls = calls
	return a
}

// ParseArguments checks the arguments of a page. They are given as an object or
// as plain arguments, but not as both. Its error is a *rule.Error.
func ParseArguments(page *PageInput, plain PageInput) (Arguments, error) {
	input, prefix := plain, ""
	if page != nil {
		if plain != (PageInput{}) {
			return Arguments{}, rule.New("page", "must not be given together with first, after, last or before")
		}
		input, prefix = *page, "page."
	}
	if name, broken := input.check(); broken != "" {
		return Arguments{}, rule.New(prefix+name, broken)
	}
	return input.arguments(prefix), nil
}

// check returns the first argument that breaks a rule, and the rule; empty if
// there is none.
func (p PageInput) check() (name, broken string) {
	switch {
	case p.First != nil && p.Last != nil:
		return "last", "must not be given together with first"
	case p.Last != nil && p.After != nil:
		return "after", "goes with first, not with last"
	case p.Last == nil && p.Before != nil:
		return "before", "goes with last"
	case p.Skip != nil && (p.Last != nil || p.After != nil):
		return "skip", "goes with first, not with last or a cursor"
	case !inRange(p.First, MaxSize):
		return "first", fmt.Sprintf("must be from 0 to %d", MaxSize)
	case !inRange(p.Last, MaxSize):
		return "last", fmt.Sprintf("must be from 0 to %d", MaxSize)
	case !inRange(p.Skip, maxSkip):
		return "skip", fmt.Sprintf("must be from 0 to %d", maxSkip)
	}
	return "", ""
}

// inRange reports whether an argument is from 0 to limit, or not given.
func inRange(n *int, limit int) bool { return n == nil || *n >= 0 && *n <= limit }

func (p PageInput) arguments(prefix string) Arguments {
	a := Arguments{size: DefaultSize, prefix: prefix, calls: MaxRequests}
	if p.First != nil {
		a.size = *p.First
	}
	if p.Last != nil {
		a.size, a.backward = *p.Last, true
	}
	if a.cursor = p.After; a.backward {
		a.cursor = p.Before
	}
	if p.Skip != nil {
		a.skip = *p.Skip
	}
	return a
}

// isStart reports whether the page begins with the first row of the list.
func (a Arguments) isStart() bool { return a.cursor == nil && !a.backward && a.skip == 0 }

// Start are the arguments of the first page of this size.
func Start(size int) Arguments { return Arguments{size: size, calls: MaxRequests} }

// sizeArgument is the name of the argument that says how large the page is.
func (a Arguments) sizeArgument() string {
	if a.backward {
		return a.prefix + "last"
	}
	return a.prefix + "first"
}

// anchorArgument is the name of the argument that says where the page is.
func (a Arguments) anchorArgument() string {
	switch {
	case a.cursor == nil:
		return a.sizeArgument()
	case a.backward:
		return a.prefix + "before"
	}
	return a.prefix + "after"
}
