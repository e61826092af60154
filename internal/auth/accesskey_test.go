package auth_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
)

// newKey makes a key and its line.
func newKey(t *testing.T, name string) (key, line string) {
	t.Helper()
	key, line, err := auth.NewAccessKey(name, "")
	if err != nil {
		t.Fatal(err)
	}
	return key, line
}

// TestNewAccessKey looks at the key, which is never the same, and its line.
func TestNewAccessKey(t *testing.T) {
	key, line := newKey(t, "inbox-1.test_A")
	if !regexp.MustCompile(`^texter_graphql_[A-Z2-7]{26}$`).MatchString(key) {
		t.Errorf("the key is %s", key)
	}
	if want := fmt.Sprintf("inbox-1.test_A sha256:%x", sha256.Sum256([]byte(key))); line != want {
		t.Errorf("the line is %s, want %s", line, want)
	}
	if again, _ := newKey(t, "inbox-1.test_A"); again == key {
		t.Error("two keys are the same")
	}
	for _, name := range []string{"", "two words", "a/b", "#a", "é", "a\n", strings.Repeat("a", 65)} {
		if key, line, err := auth.NewAccessKey(name, ""); err == nil || key != "" || line != "" {
			t.Errorf("%q: got %q, %q", name, key, line)
		}
	}
	newKey(t, strings.Repeat("a", 64))
}

// TestAccessKeys looks at which tokens are let in, and as whom.
func TestAccessKeys(t *testing.T) {
	inbox, inboxLine := newKey(t, "inbox")
	phone, phoneLine := newKey(t, "phone")
	stranger, strangerLine := newKey(t, "stranger")
	keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: keyFile(t, "# keys\n\n "+inboxLine+"\r\n\t"+strings.Replace(phoneLine, " ", "\t ", 1))})
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{
		inbox: "key:inbox", phone: "key:phone",
		stranger: "", "": "", "inbox": "", inboxLine: "", strangerLine: "", inbox + "A": "", inbox[1:]: "", strings.ToLower(inbox): "",
		strings.Fields(inboxLine)[1]: "",
	} {
		ctx, err := keys.Authenticate(t.Context(), token)
		if want == "" {
			if err == nil || ctx != nil {
				t.Errorf("%.20s is let in", token)
			}
		} else if err != nil || auth.Caller(ctx) != want {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// TestBadKeyFiles looks at which line is blamed, and that it is not repeated.
func TestBadKeyFiles(t *testing.T) {
	_, one := newKey(t, "one")
	_, two := newKey(t, "two")
	hash := strings.Fields(one)[1]
	for name, test := range map[string]struct{ content, want string }{
		"a name alone":      {one + "\ncanary", "line 2 "},
		"a hash alone":      {hash, "line 1 "},
		"a bad name":        {"# x\n\ncan/ary " + hash, "line 3 "},
		"a long name":       {strings.Repeat("canary", 11) + " " + hash, "line 1 "},
		"more words":        {one + " canary", "line 1 has a wrong scope"},
		"a null scope":      {one + " null", "line 1 has a wrong scope"},
		"an empty list":     {one + ` {"labels": []}`, "line 1 has a wrong scope"},
		"an unknown status": {one + ` {"statuses": ["canary"]}`, "line 1 has a wrong scope"},
		"a cut scope":       {one + ` {"labels": ["canary"]`, "line 1 has a wrong scope"},
		"no hash's name":    {"canary " + hash[7:], "line 1 "},
		"another hash":      {"canary sha512:" + hash[7:], "line 1 "},
		"a short hash":      {"canary " + hash[:len(hash)-2], "line 1 "},
		"a long hash":       {"canary " + hash + "00", "line 1 "},
		"no digits":         {"canary sha256:" + strings.Repeat("xy", 32), "line 1 "},
		"a name twice":      {one + "\n\n" + strings.Replace(two, "two", "one", 1), "line 3 repeats the name"},
		"a hash twice":      {one + "\ncanary " + hash, "line 2 repeats the hash"},
		"a key for a hash":  {"canary texter_graphql_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "line 1 "},
		"a cut line":        {one + "\n" + two[:40], "line 2 "},
		"too large":         {strings.Repeat("#canary\n", 256<<7+1), ""},
		"NUL":               {"canary\x00 " + hash, "line 1 "},
		"two keys, one row": {one + " " + two, "line 1 "},
	} {
		_, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: keyFile(t, test.content)})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), hash[7:20]) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, path := range []string{t.TempDir(), t.TempDir() + "/none", ""} {
		if _, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: path}); err == nil {
			t.Errorf("%q is read", path)
		}
	}
}
