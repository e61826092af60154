// Package seeds reads the inputs that fuzz tests begin with.
package seeds

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// Add adds the inputs of a file to a fuzz test, each as one value of the type T
// for each of its arguments. A line of the file is one input: a Go string
// literal in double quotes for each argument, divided by spaces.
func Add[T string | []byte](f *testing.F, path string) {
	f.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var input []any
		for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
			literal, err := strconv.QuotedPrefix(line)
			if err != nil {
				f.Fatalf("%s: %v: %s", path, err, line)
			}
			value, _ := strconv.Unquote(literal) // which QuotedPrefix has checked
			input, line = append(input, T(value)), line[len(literal):]
		}
		f.Add(input...)
	}
}
