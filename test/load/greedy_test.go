package load

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// maxMemory is what the service may take in a container of 512 MiB, in MiB. There
// GOMEMLIMIT is 435 MiB.
const maxMemory = 470

// repeated returns n numbered parts of a document: % stands for the number.
func repeated(n int, part string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(part, "%", fmt.Sprint(i)) + " ")
	}
	return b.String()
}

var errorCode = regexp.MustCompile(`"code":"(\w+)"`)

// TestGreedyRequests sends small requests for huge answers, many at a time. The
// service stays within its memory, and refuses what is above its limits.
func TestGreedyRequests(t *testing.T) {
	const ordinary = "query($name: SearchableChannelName = EMAIL) { no: searchChats(filter: {channel: {name: $name, accountId: \"1\"}}) { totalCount } "
	const null = `{"name":null}` // for a variable with a default: goes through the ordinary lane
	for name, test := range map[string]struct {
		document, variables string
		code                string // empty where the answer has chats
	}{
		"an alias of 100 kB under 90 aliases of nodes": {"{ searchChats(first: 32) { " + repeated(90, "n%: nodes { ...F }") + "} } fragment F on Chat { " + strings.Repeat("a", 100_000) + ": id }", "", "QUERY_TOO_COMPLEX"},
		"an alias of 255 bytes for 360,000 chats":      {"{ searchChats(first: 4000) { " + repeated(90, "n%: nodes { ...F }") + "} } fragment F on Chat { " + strings.Repeat("a", 255) + ": id }", "", "ANSWER_TOO_LARGE"},
		"crmData under 99 aliases":                     {"{ searchChats(first: 10000) { nodes { " + repeated(99, "a%: crmData") + "} } }", "", ""},
		"raw under 12 aliases":                         {"{ searchChats(first: 10000) { nodes { " + repeated(12, "a%: raw") + "} } }", "", ""},
		"the largest page with all fields":             {"{ searchChats(first: 10000) { nodes { " + fields + " } } }", "", ""},
		"the same in the ordinary lane":                {ordinary + "searchChats(first: 10000) { nodes { " + fields + " } } }", null, "ANSWER_TOO_LARGE"},
		"2,000 chats in the ordinary lane":             {ordinary + "searchChats(first: 2000) { nodes { " + fields + " } } }", null, ""},
		"crmData under 99 aliases, ordinary lane":      {ordinary + "searchChats(first: 2000) { nodes { " + repeated(99, "a%: crmData") + "} } }", null, ""},
		"the schema nine times":                        {"{ " + repeated(9, "a%: __schema { types { name description fields { name description args { name description type { name kind } } type { name kind ofType { name kind } } } } }") + "}", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := startWith(t, []string{"GOMEMLIMIT=435MiB"}, "-request-timeout", "10m", "-texter-timeout", "9m", "-texter-attempt-timeout", "8m") // a busy machine is no fault
			for _, callers := range crowds() {
				p.askAtOnce(t, callers, test.document, test.variables, test.code)
				if _, peak := p.memory(t); peak > maxMemory {
					t.Fatalf("for %d callers the service takes %d MB", callers, peak)
				}
			}
		})
	}
}

// crowds are the numbers of callers who ask at the same time.
func crowds() []int {
	if testing.Short() {
		return []int{8}
	}
	return []int{1, 8, 32}
}

// askAtOnce lets many callers ask for the same. The beginning of each answer must
// have this code, or none.
func (p program) askAtOnce(t *testing.T, callers int, document, variables, code string) {
	t.Helper()
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			res, err := p.send(newClient(t), fmt.Sprint("caller", i), fmt.Sprintf(`{"query":%q,"variables":%s}`, document, cmp.Or(variables, "null")))
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			begin := make([]byte, 1000)
			n, _ := io.ReadFull(res.Body, begin) // which may be shorter
			got := ""
			if found := errorCode.FindSubmatch(begin[:n]); found != nil {
				got = string(found[1])
			}
			if got != code {
				t.Errorf("got %q, want %q: %d, %.300s", got, code, res.StatusCode, begin[:n])
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
