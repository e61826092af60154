package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	links      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headings   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	codeSpans  = regexp.MustCompile("`([^`\n]+)`")
	paths      = regexp.MustCompile(`^(?:\.\./)*(?:deploy|docs|examples|graph|internal|test|texter)/[\w./-]*$`)
	fenced     = regexp.MustCompile("(?ms)^```.*?^```$")
	codes      = regexp.MustCompile(`(?m)^\s+[cC]ode[A-Z]\w*\s*= "([A-Z_]+)"`)
	testNames  = regexp.MustCompile(`(?m)^func Test\w+\(`)
	notInSlugs = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// root is the top of the repository.
const root = "../.."

// TestLinks: in each page, the files, folders and headings that it links to
// exist, and so do the tests that it names and the paths from the top of the
// repository.
func TestLinks(t *testing.T) {
	var tests strings.Builder
	for _, file := range filesOf(t, ".go") {
		for _, name := range testNames.FindAllString(readFile(t, file), -1) {
			tests.WriteString(name)
		}
	}
	for _, page := range filesOf(t, ".md") {
		t.Run(strings.TrimPrefix(page, root+"/"), func(t *testing.T) {
			text := fenced.ReplaceAllString(readFile(t, page), "")
			for _, link := range links.FindAllStringSubmatch(text, -1) {
				if !strings.Contains(link[1], "://") {
					assertTarget(t, page, link[1])
				}
			}
			for _, span := range codeSpans.FindAllStringSubmatch(text, -1) {
				if name := strings.TrimLeft(span[1], "./"); paths.MatchString(span[1]) && !exists(filepath.Join(root, name)) {
					t.Errorf("there is no %s", span[1])
				}
				if strings.HasPrefix(span[1], "Test") && !strings.Contains(tests.String(), "func "+span[1]+"(") {
					t.Errorf("there is no test %s", span[1])
				}
			}
		})
	}
}

// filesOf are the files of the repository whose names end like this.
func filesOf(t *testing.T, extension string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == extension {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// assertTarget fails if what a page links to is not there.
func assertTarget(t *testing.T, page, link string) {
	t.Helper()
	path, anchor, hasAnchor := strings.Cut(link, "#")
	target := page
	if path != "" {
		target = filepath.Join(filepath.Dir(page), path)
	}
	if !exists(target) {
		t.Errorf("there is no %s", link)
		return
	}
	if !hasAnchor {
		return
	}
	for _, heading := range headings.FindAllStringSubmatch(readFile(t, target), -1) {
		if strings.ReplaceAll(notInSlugs.ReplaceAllString(strings.ToLower(heading[1]), ""), " ", "-") == anchor {
			return
		}
	}
	t.Errorf("there is no heading for %s", link)
}

// TestErrorCodes: docs/errors.md has a row for each code that package graph names.
func TestErrorCodes(t *testing.T) {
	page, found := readFile(t, "../../docs/errors.md"), 0
	for _, pattern := range []string{"../../graph/*.go", "../../graph/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, code := range codes.FindAllStringSubmatch(readFile(t, file), -1) {
				if found++; !strings.Contains(page, "`"+code[1]+"`") {
					t.Errorf("%s has the code %s, which has no row", file, code[1])
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d codes were found", found)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
