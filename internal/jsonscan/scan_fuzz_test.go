package jsonscan

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/internal/seeds"
)

// FuzzScanner compares the scanner with encoding/json.
func FuzzScanner(f *testing.F) {
	for _, text := range []string{
		"", " ", "\x00", "null", " true\n", "nulll", "-", "-0", "01", "1.", "1e", "1.5E-3", "1e999", `""`, `"\`, `"\"`, `"\\"`, `"\u00e9"`, `"\ud800"`,
		`"1234567"`, `"12345678"`, "\"1234567\n\"", "\"\x7f\x80\xff\"", "[]", "[,]", "[1,]", "[1,2]", "[[[[]]]]", "{}", `{"a":1,}`, `{"a" : [ ] }`, `{"\u0061":{}}`,
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
	} {
		f.Add([]byte(text))
	}
	seeds.Add[[]byte](f, "testdata/FuzzScanner.txt")
	f.Fuzz(func(t *testing.T, text []byte) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
		if end := PlainValue(text, 0, 8); end > 0 && !json.Valid(text[:end]) {
			t.Fatalf("%q counts as JSON", text[:end])
		}
		if depth(text) > MaxDepth {
			return // the scanner refuses it, encoding/json does not
		}
		s := Scanner{Text: text}
		value := s.Value()
		s.End()
		if valid := json.Valid(text); valid != (s.Err == nil) {
			t.Fatalf("valid is %t, but got %v", valid, s.Err)
		}
		if s.Err != nil {
			return
		}
		if want := bytes.Trim(text, " \t\r\n"); !bytes.Equal(value, want) {
			t.Errorf("got %q, want %q", value, want)
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		s = Scanner{Text: text}
		if got := s.Any(); s.Err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, %v, want %#v", got, s.Err, want)
		}
	})
}

// depth is how deep the text nests, or more.
func depth(text []byte) int {
	deepest, now := 0, 0
	for _, c := range text {
		switch c {
		case '[', '{':
			now++
			deepest = max(deepest, now)
		case ']', '}':
			now = max(now-1, 0)
		}
	}
	return deepest
}

// FuzzStringValue compares strings with what encoding/json decodes.
func FuzzStringValue(f *testing.F) {
	for _, text := range []string{
		`""`, ` "x"`, `"12345678\n1234567\""`, `"\b\f\n\r\t\/\\\""`, `"\u00e9\uD83D\uDE00"`, `"\ud800"`, `"\ud800\ud800\udc00"`, `"\udc00x"`,
		`"\ud800\u0041"`, `"\u12"`, `"\x"`, `"\`, `"\"`, "\"\x01\"", `"é\u05d0"`, `"\ud83d\n"`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
		s := Scanner{Text: text}
		got := s.StringValue()
		s.End()
		var want *string
		if err := json.Unmarshal(text, &want); err != nil || want == nil {
			if s.Err == nil {
				t.Fatalf("got %q", got)
			}
			return
		}
		if s.Err != nil || got != *want {
			t.Fatalf("got %q, %v, want %q", got, s.Err, *want)
		}
	})
}
