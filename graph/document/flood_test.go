package document

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/limits"
)

var schema = generated.NewExecutableSchema(generated.Config{}).Schema()

// repeat writes a text n times, in which % is replaced by a number that counts
// up, and ^ by the next one.
func repeat(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("%", strconv.Itoa(i), "^", strconv.Itoa(i+1)).Replace(text))
	}
	return b.String()
}

func nodes(selection string) string { return "{searchChats{nodes{" + selection + "}}}" }

// floods are documents that take long to validate or to execute where they are
// not bounded, and the limit that each exceeds: none if they may pass.
var floods = map[string]struct{ document, exceeds string }{
	"tokens":                      {nodes(repeat(993, "id ")), "tokens"},
	"comments":                    {repeat(1000, "# a\n") + "{__typename}", "tokens"},
	"braces":                      {repeat(60000, "{"), ""},
	"brackets":                    {"{searchChats(filter:{labels:" + repeat(60000, "[") + "})}", "tokens"},
	"aliases":                     {nodes(repeat(101, "a%:id ")), "aliases"},
	"aliases in a fragment":       {nodes("...A") + "fragment A on Chat{" + repeat(101, "a%:id ") + "}", "aliases"},
	"root fields":                 {"{" + repeat(11, "a%:searchChats{totalCount}") + "}", "rootFields"},
	"root fields in a fragment":   {"{...A}fragment A on Query{" + repeat(11, "a%:searchChats{totalCount}") + "}", "rootFields"},
	"directives":                  {nodes("id " + repeat(101, "@skip(if:true)")), "directives"},
	"unknown directives":          {nodes("id " + repeat(400, "@a% ")), "directives"},
	"directives on a variable":    {"query($a:Int " + repeat(101, "@a") + "){__typename}", "directives"},
	"directives on a fragment":    {"{...A}fragment A on Query " + repeat(101, "@a") + "{__typename}", "directives"},
	"depth":                       {"{__schema{types{" + repeat(19, "ofType{") + "name" + repeat(19, "}") + "}}}", "depth"},
	"depth by fragments":          {"{__schema{types{...A0}}}" + repeat(70, "fragment A% on __Type{ofType{...A^}}") + "fragment A70 on __Type{name}", "depth"},
	"doubling fragments":          {"{__schema{types{...A0}}}" + repeat(15, "fragment A% on __Type{a:ofType{...A^}b:ofType{...A^}}") + "fragment A15 on __Type{name}", "fields"},
	"doubling fragments, deeper":  {"{__schema{types{...A0}}}" + repeat(45, "fragment A% on __Type{a:ofType{...A^}b:ofType{...A^}}") + "fragment A45 on __Type{name}", "depth"},
	"doubling fragments, often":   {repeat(100, "query Q%{...A}") + "fragment A on Query{__schema{types{...A0}}}" + repeat(8, "fragment A% on __Type{a:ofType{...A^}b:ofType{...A^}}") + "fragment A8 on __Type{name}", "fields"},
	"25 nested fragments":         {nodes("...A0") + repeat(25, "fragment A% on Chat{...A^ ...A^}") + "fragment A25 on Chat{id}", ""},
	"80 nested fragments":         {nodes("...A0") + repeat(80, "fragment A% on Chat{...A^ ...A^}") + "fragment A80 on Chat{id}", ""},
	"a chain of fragments":        {nodes("...A0") + repeat(105, "fragment A% on Chat{id ...A^}") + "fragment A105 on Chat{id}", ""},
	"a circle":                    {nodes("...A") + "fragment A on Chat{...A}", ""},
	"a circle of two":             {nodes("...A") + "fragment A on Chat{...B id}fragment B on Chat{...A id}", ""},
	"a circle through fields":     {"{__schema{types{...A}}}fragment A on __Type{ofType{...B ...A}name}fragment B on __Type{ofType{...A ...B}}", ""},
	"a circle that is not used":   {"{__typename}fragment A on __Type{ofType{...B}}fragment B on __Type{ofType{...A}}", ""},
	"one field often":             {nodes(repeat(992, "id ")), ""},
	"one object often":            {"{searchChats{" + repeat(245, "nodes{id}") + "}}", ""},
	"one search often":            {"{" + repeat(240, "searchChats{totalCount}") + "}", ""},
	"one field in nested braces":  {nodes(repeat(200, "...{") + repeat(380, "id ") + repeat(200, "}")), ""},
	"one field at every level":    {nodes(repeat(200, "id ...{") + repeat(180, "id ") + repeat(200, "}")), ""},
	"inline fragments":            {nodes(repeat(160, "...on Chat{id}")), ""},
	"one spread often":            {nodes(repeat(480, "...A ")) + "fragment A on Chat{id}", ""},
	"many operations":             {repeat(60, "query Q%{...A0}") + repeat(60, "fragment A% on Query{...A^ __typename}") + "fragment A60 on Query{__typename}", ""},
	"conflicts":                   {nodes(repeat(45, "a:id a:name ") + repeat(200, "a:id ")), "aliases"},
	"few conflicts":               {nodes(repeat(50, "a:id b:id a:name ")), "aliases"},
	"unknown fields":              {nodes(repeat(900, strings.Repeat("lastMessageA", 10)+"% ")), ""},
	"unknown fields, suggestions": {nodes(repeat(500, "lastMessageA% ")), ""},
	"a long name":                 {nodes(strings.Repeat("a", 120000)), "nameLength"},
	"a name of 255, suggestions":  {nodes(strings.Repeat("a", 255)), ""},
	"a long enum value":           {"{searchChats(filter:{statuses:[" + strings.Repeat("A", 120000) + "]}){totalCount}}", ""},
	"a long string":               {`{searchChats(filter:{search:"` + strings.Repeat("a", 120000) + `"}){totalCount}}`, ""},
	"wrong values":                {"{searchChats(filter:{labels:[" + repeat(900, "1.5 ") + "]}){totalCount}}", ""},
	"variables":                   {"query(" + repeat(190, "$a%:Int ") + "){__typename}", ""},
	"lists in lists":              {"{searchChats(filter:{labels:" + repeat(400, "[") + repeat(400, "]") + "}){totalCount}}", ""},
	"objects in objects":          {"{searchChats(filter:" + repeat(240, "{search:") + "1" + repeat(240, "}") + "){totalCount}}", ""},
	"list types":                  {"query($a:" + repeat(400, "[") + "Int" + repeat(400, "]") + "){__typename}", ""},
}

// TestFloods loads each flood. Each takes less than three seconds of CPU time, has
// ten errors at most, and exceeds the limit that it should.
func TestFloods(t *testing.T) {
	for name, flood := range floods {
		t.Run(name, func(t *testing.T) {
			before := cpuTime(t)
			_, errs := newLoader(Options{}).load(flood.document)
			took := cpuTime(t) - before
			if t.Logf("%v, %d errors", took, len(errs)); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			if len(errs) > maxErrors {
				t.Errorf("%d errors", len(errs))
			}
			exceeded := ""
			if len(errs) == 1 && errs[0].Extensions["code"] == CodeTooComplex {
				exceeded = errs[0].Extensions["exceeded"].(*limits.Exceeded).Name
			}
			if exceeded != flood.exceeds {
				t.Errorf("exceeds %q, want %q: %.300v", exceeded, flood.exceeds, errs)
			}
		})
	}
}

// cpuTime returns how long this process has worked: a busy machine does not make
// it longer.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
