package syntax

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	gqlparser "github.com/vektah/gqlparser/v2/parser"
)

// TestStrings covers what graphql-js's lexer tests cover of strings.
func TestStrings(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a plain string", `"a b"`, "a b"},
		{"an empty string", `""`, ""},
		{"each short escape", `"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{"a code unit", `"\u00e9"`, "é"},
		{"a surrogate pair is one character", `"\uD83D\uDE00"`, "😀"},
		{"a braced escape", `"\u{1F600}\u{0}\u{0010FFFF}"`, "😀\x00\U0010FFFF"},
		{"control characters stand for themselves", "\"a\x00\x07\x7f\t\"", "a\x00\x07\x7f\t"},
		{"an empty block string", `""""""`, ""},
		{"a block string on one line keeps its spaces", `"""  a """`, "  a "},
		{"quotes in a block string", `"""a "b" ""c"""`, `a "b" ""c`},
		{"three quotes are escaped", `"""a \""" \"""""" `, `a """ """`},
		{"other escapes stand for themselves", `"""\n \u0041 \\ """`, `\n \u0041 \\ `},
		{"the first line has no part in the indentation", "\"\"\"a\n    b\n      c\"\"\"", "a\nb\n  c"},
		{"blank lines around are left out", "\"\"\"\n \t\n  a\n\n  b\n \n\"\"\"", "a\n\nb"},
		{"all line terminators are one", "\"\"\"\r  a\r\n  b\n  c\"\"\"", "a\nb\nc"},
		{"a line that is shorter than the indentation is empty", "\"\"\"\n    a\n  \n    b\"\"\"", "a\n\nb"},
	} {
		t.Run(test.name, func(t *testing.T) {
			document, err := Parse("{a(b:"+test.text+")}", 100)
			if err != nil {
				t.Fatal(err)
			}
			if got := document.Operations[0].SelectionSet[0].(*ast.Field).Arguments[0].Value.Raw; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestErrors has the smallest documents that the grammar refuses, by its rules,
// and where.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		line, column int
	}{
		{"no definition", "", 1, 1},
		{"a comment alone", "# a\n", 2, 1},
		{"an unknown character", "{a ?}", 1, 4},
		{"two points", "{..a}", 1, 2},
		{"a number without a digit before its point", "{a(b:.5)}", 1, 6},
		{"a number that touches a name", "{a(b:1c)}", 1, 7},
		{"a number that touches a point", "{a(b:1.2.3)}", 1, 9},
		{"a number that ends with a point", "{a(b:1e2.)}", 1, 9},
		{"hexadecimal digits", "{a(b:0xF)}", 1, 7},
		{"a leading zero", "{a(b:-01)}", 1, 8},
		{"an exponent without digits", "{a(b:1e)}", 1, 8},
		{"a sign without a number", "{a(b:-)}", 1, 7},
		{"a string that does not end", `{a(b:"c)}`, 1, 10},
		{"a string that does not end on its line", "{a(b:\"c\n\")}", 1, 8},
		{"a block string that does not end", `{a(b:"""c")}`, 1, 13},
		{"an unknown escape", `{a(b:"\q")}`, 1, 7},
		{"an escape at the end", `{a(b:"\`, 1, 7},
		{"too few hexadecimal digits", `{a(b:"\u12")}`, 1, 7},
		{"a leading surrogate alone", `{a(b:"\uD800")}`, 1, 7},
		{"a trailing surrogate alone", `{a(b:"c\uDE00")}`, 1, 8},
		{"surrogates in the wrong order", `{a(b:"\uDE00\uD83D")}`, 1, 7},
		{"a braced surrogate", `{a(b:"\u{D83D}\u{DE00}")}`, 1, 7},
		{"a braced escape beyond Unicode", `{a(b:"\u{110000}")}`, 1, 7},
		{"a braced escape without digits", `{a(b:"\u{}")}`, 1, 7},
		{"a braced escape of nine digits", `{a(b:"\u{000000041}")}`, 1, 7},
		{"an empty selection set", "{}", 1, 2},
		{"empty arguments", "{a()}", 1, 4},
		{"no variable definitions in parentheses", "query(){a}", 1, 7},
		{"a variable in a default", "query($a:Int=$b){a}", 1, 14},
		{"a variable in a directive of a variable", "query($a:Int@b(c:$d)){a}", 1, 18},
		{"variables of a fragment", "fragment A($a:Int) on B{c}", 1, 11},
		{"a fragment with the name on", "fragment on on A{b}", 1, 10},
		{"a string where a name must be", `{..."on" A{b}}`, 1, 5},
		{"a string where the name of an operation may be", `query "a"{b}`, 1, 7},
		{"a description of the shorthand", `"a"{b}`, 1, 1},
		{"an unknown definition", "a{b}", 1, 1},
		{"a definition of a type", "type A{b:C}", 1, 1},
		{"characters beyond 16 bits are two columns", `{a(b:"😀" 1c)}`, 1, 12},
		{"each line terminator begins a line", "{\ra\r\nb\nc ?}", 4, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.text, 100)
			if err == nil || err.Line != test.line || err.Column != test.column {
				t.Errorf("got %+v, want %d:%d", err, test.line, test.column)
			}
		})
	}
}

// TestNoErrors has documents that the grammar takes.
func TestNoErrors(t *testing.T) {
	for name, text := range map[string]string{
		"a byte order mark":                   "\ufeff{a}",
		"any characters in a comment":         "{a} # \x00 😀",
		"keywords are names":                  "query query{query:fragment(mutation:on null:true) fragment true null ...true}fragment true on on{on}",
		"a description of each definition":    `"a" query("b" $c:D){e} """f""" fragment G on H{i}`,
		"a number that touches a string":      `{a(b:[1"c"2.5e-3"d"])}`,
		"directives everywhere":               "query A($a:[B!]!=[]@c(d:1))@e{...@f{g}...on H@i{j}...K@l}fragment K on L@m{n:o@p}",
		"values of each kind":                 `{a(b:1 c:-0.5 d:"" e:"""""" f:true g:null h:I j:[] k:{} l:$m n:[[{o:$p}]])}`,
		"commas are white space":              ",{,a,(,b,:,1,),},",
		"a string may stand beside a comment": "{a(b:\"c\"#\"\n)}",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse(text, 200); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTooManyTokensAreAnError(t *testing.T) {
	if _, err := Parse("{"+strings.Repeat("a ", 98)+"}", 100); err != nil {
		t.Errorf("100 tokens: %v", err)
	}
	if _, err := Parse("{"+strings.Repeat("a\n#\n", 49)+"b}", 100); err == nil || !err.TooManyTokens {
		t.Errorf("101 tokens, comments among them: got %v", err)
	}
}

// TestTrees: what a document means is what gqlparser takes it for.
func TestTrees(t *testing.T) {
	for _, text := range []string{
		"{a}", "query A{a} query B{b} mutation C{c} subscription D{d} {e}",
		"query query{query:fragment(mutation:on null:true) fragment true null ...true}fragment true on on{on}",
		"query A($a:[B!]!=[]@c(d:1) $b:C=null $d:E={f:{g:[1.5 \"h\"]}})@e{...@f{g}...on H@i{j}...K@l}fragment K on L@m{n:o@p(q:-1)}",
		`{a(b:1 c:-0.5 d:"" e:"""f""" f:true g:null h:I j:[] k:{} l:$m n:[[{o:$p}]] q:false)}`,
		"fragment A on B{...C} fragment C on D{e(f:[null true G])}",
	} {
		t.Run(text, func(t *testing.T) {
			got, err := Parse(text, 200)
			if err != nil {
				t.Fatal(err)
			}
			want, failure := gqlparser.ParseQuery(&ast.Source{Input: text})
			if failure != nil {
				t.Fatal(failure)
			}
			if got, want := formatted(got.QueryDocument), formatted(want); got != want {
				t.Errorf("got\n%s, want\n%s", got, want)
			}
		})
	}
}

func formatted(document *ast.QueryDocument) string {
	var text strings.Builder
	formatter.NewFormatter(&text).FormatQueryDocument(document)
	return text.String()
}
