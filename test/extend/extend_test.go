// Package extend adds fields with resolvers to a copy of the service, as whoever
// carries it on would, and asks the built program for them. It holds what the two
// lanes promise: a field with a resolver takes nothing but the schema, gqlgen.yml
// and a resolver, its answers are never kept, and all other operations stay fast.
package extend

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"texter-graphql/test/harness"
)

// resolvers resolve the new fields. Each counts its calls, so that an answer that
// was kept shows.
const resolvers = `package graph

import (
	"context"
	"sync/atomic"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

var calls atomic.Int64

func (r *Resolver) ChatConnection() generated.ChatConnectionResolver { return connectionResolver{r} }

// Greeting resolves Chat.greeting.
func (chatResolver) Greeting(_ context.Context, chat *texter.Chat) (string, error) {
	calls.Add(1)
	return "Hello, " + chat.Name().String(), nil
}

type connectionResolver struct{ *Resolver }

// Calls resolves ChatConnection.calls.
func (connectionResolver) Calls(_ context.Context, _ *relay.Connection) (int, error) {
	return int(calls.Add(1)), nil
}

// Calls resolves Query.calls.
func (queryResolver) Calls(context.Context) (int, error) { return int(calls.Add(1)), nil }
`

// TestFieldsWithResolvers is one program with the new fields, and one caller who
// asks for them.
func TestFieldsWithResolvers(t *testing.T) {
	if testing.Short() {
		t.Skip("CI generates and builds the copy, which takes as long as many other tests")
	}
	service := harness.Start(t, harness.Command{
		Path: buildExtended(t), Args: []string{"-addr", "127.0.0.1:0", "-metrics-addr", "127.0.0.1:0", "-cache-ttl", "10m"},
	})
	s := extended{service}
	const greeting, calls = `{"greeting":"Hello, `, `"calls":`
	for name, test := range map[string]struct {
		query     string
		answers   string // a regular expression
		changes   bool   // whether each answer is another
		fallbacks int    // connections that go the ordinary way
	}{
		"a field of Query alone":               {`{ calls }`, `^\{"data":\{"calls":\d+\}`, true, 0},
		"a field of Query beside chats":        {`{ calls searchChats(first: 1) { nodes { id } } }`, `"calls":\d+,"searchChats":\{"nodes":\[\{"id":"\w+"\}\]`, true, 0},
		"a field of Chat alone":                {`{ searchChats(first: 2) { nodes { greeting } } }`, `"nodes":\[` + greeting + `[^"]+"\},` + greeting, false, 1},
		"a field of Chat beside plain ones":    {`{ searchChats(first: 1) { nodes { id greeting raw } } }`, `"id":"\w+","greeting":"Hello, [^"]+","raw":\{`, false, 1},
		"a field of ChatEdge's chat":           {`{ searchChats(first: 1) { edges { cursor node { greeting } } } }`, `"node":` + greeting, false, 1},
		"a field of ChatConnection alone":      {`{ searchChats { calls } }`, `\{"calls":\d+\}`, true, 1},
		"a field of ChatConnection and counts": {`{ searchChats { totalCount calls pageInfo { hasNextPage } } }`, `"totalCount":\d+,` + calls + `\d+,"pageInfo":\{"hasNextPage":true\}`, true, 1},
		"all of them":                          {`{ calls searchChats(first: 1) { calls nodes { greeting name } } }`, `"calls":\d+,"searchChats":\{` + calls + `\d+,"nodes":\[` + greeting, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			fallbacks := s.metric(t, "texter_graphql_encoder_fallbacks_total")
			seen := map[string]bool{}
			const times = 5
			for range times {
				answer := s.ask(t, test.query)
				if strings.Contains(answer, `"errors"`) || !regexp.MustCompile(test.answers).MatchString(answer) {
					t.Fatalf("it answers %s", answer)
				}
				seen[answer] = true
			}
			if test.changes && len(seen) < times {
				t.Error("an answer was kept")
			}
			if got := s.metric(t, "texter_graphql_encoder_fallbacks_total") - fallbacks; got != times*test.fallbacks {
				t.Errorf("%d connections went the ordinary way, want %d", got, times*test.fallbacks)
			}
		})
	}
	t.Run("a field of Chat is resolved each time", func(t *testing.T) {
		before := s.calls(t)
		for range 5 {
			s.ask(t, `{ searchChats(first: 2) { nodes { greeting } } }`)
		}
		if got := s.calls(t) - before; got != 5*2+1 {
			t.Errorf("it was called %d times", got-1)
		}
	})
	t.Run("plain operations stay fast and are kept", func(t *testing.T) {
		fallbacks, executed := s.metric(t, "texter_graphql_encoder_fallbacks_total"), ""
		for range 5 {
			answer := s.ask(t, `{ searchChats(first: 3) { totalCount nodes { id name labelIds labels { name } agent { displayName } } edges { cursor } } }`)
			if executed == "" {
				executed = answer
			}
			if answer != executed || strings.Contains(answer, `"errors"`) {
				t.Errorf("it answers %s, then %s", executed, answer)
			}
		}
		if got := s.metric(t, "texter_graphql_encoder_fallbacks_total") - fallbacks; got != 0 {
			t.Errorf("%d connections went the ordinary way", got)
		}
		if hits := s.metric(t, `texter_graphql_cache_searches_total{outcome="hit"}`); hits == 0 {
			t.Error("no page was kept")
		}
	})
}

// extended is the running program.
type extended struct{ *harness.Process }

func (s extended) ask(t *testing.T, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(s.URL("GraphQL"), "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// calls is how often a resolver was called, this time included.
func (s extended) calls(t *testing.T) int {
	t.Helper()
	var answer struct{ Data struct{ Calls int } }
	if err := json.Unmarshal([]byte(s.ask(t, `{ calls }`)), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Data.Calls
}

// metric is the value of a series.
func (s extended) metric(t *testing.T, series string) int {
	t.Helper()
	text, err := s.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, value, found := strings.Cut(text, "\n"+series+" ")
	if !found {
		t.Fatalf("%s is not exported", series)
	}
	var n int
	line, _, _ := strings.Cut(value, "\n")
	if err := json.Unmarshal([]byte(line), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// buildExtended builds a copy of the service that has the new fields.
func buildExtended(t *testing.T) (binary string) {
	t.Helper()
	root, err := harness.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tree := filepath.Join(t.TempDir(), "tree")
	copyTree(t, root, tree)
	replace(t, filepath.Join(tree, "schema.graphqls"), "type Query {\n", "type Query {\n  calls: Int!\n")
	replace(t, filepath.Join(tree, "schema.graphqls"), "type Chat {\n", "type Chat {\n  greeting: String!\n")
	replace(t, filepath.Join(tree, "schema.graphqls"), "type ChatConnection {\n", "type ChatConnection {\n  calls: Int!\n")
	chat, connection := "texter-graphql/texter.Chat\n    fields:\n", "texter-graphql/graph/relay.Connection\n"
	replace(t, filepath.Join(tree, "gqlgen.yml"), chat, chat+"      greeting: { resolver: true }\n")
	replace(t, filepath.Join(tree, "gqlgen.yml"), connection, connection+"    fields:\n      calls: { resolver: true }\n")
	if err := os.WriteFile(filepath.Join(tree, "graph", "extension.go"), []byte(resolvers), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, tree, "go", "generate", ".")
	run(t, tree, "go", "build", "-o", "service", ".")
	return filepath.Join(tree, "service")
}

// copyTree copies the sources of the module.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || relative == "test" || relative == "examples"):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, relative), 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, relative), content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// replace replaces a text that stands in a file once.
func replace(t *testing.T, path, before, after string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(content), before); n != 1 {
		t.Fatalf("%s has %q %d times", filepath.Base(path), before, n)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(content), before, after, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir string, command ...string) {
	t.Helper()
	c := exec.CommandContext(context.Background(), command[0], command[1:]...)
	c.Dir = dir
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, output)
	}
}
