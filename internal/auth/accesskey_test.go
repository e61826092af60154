package auth_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

// newKey returns a new key and its line.
func newKey(t *testing.T, name string) (key, line string) {
	t.Helper()
	key, line, err := auth.NewAccessKey(name, "")
	if err != nil {
		t.Fatal(err)
	}
	return key, line
}

func TestNewAccessKey(t *testing.T) {
	key, line := newKey(t, "az-AZ.09_")
	t.Run("a key has a prefix and 26 random characters", func(t *testing.T) {
		if !regexp.MustCompile(`^texter_graphql_[A-Z2-7]{26}$`).MatchString(key) {
			t.Errorf("it is %s", key)
		}
		if again, _ := newKey(t, "az-AZ.09_"); again == key {
			t.Error("two keys are equal")
		}
	})
	t.Run("a line has the name and the hash", func(t *testing.T) {
		if want := fmt.Sprintf("az-AZ.09_ sha256:%x", sha256.Sum256([]byte(key))); line != want {
			t.Errorf("it is %s, want %s", line, want)
		}
	})
	t.Run("a name may have 64 bytes", func(t *testing.T) { newKey(t, strings.Repeat("a", 64)) })
	for _, name := range []string{"", "two words", "a/b", "#a", "é", "a\n", strings.Repeat("a", 65)} {
		t.Run(fmt.Sprintf("%q is no name", name), func(t *testing.T) {
			if key, line, err := auth.NewAccessKey(name, ""); err == nil || key != "" || line != "" || !strings.Contains(err.Error(), "1 to 64 letters") {
				t.Errorf("got %q, %q, %v", key, line, err)
			}
		})
	}
}

func TestAccessKeys(t *testing.T) {
	inbox, inboxLine := newKey(t, "inbox")
	phone, phoneLine := newKey(t, "phone")
	stranger, strangerLine := newKey(t, "stranger")
	keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: keyFile(t, "# keys\n\n "+inboxLine+"\r\n\t"+strings.Replace(phoneLine, " ", "\t ", 1))})
	if err != nil {
		t.Fatal(err)
	}
	for token, caller := range map[string]string{inbox: "key:inbox", phone: "key:phone"} {
		t.Run("the holder of a key is "+caller, func(t *testing.T) {
			if ctx, err := keys.Authenticate(t.Context(), token); err != nil || auth.Caller(ctx) != caller {
				t.Errorf("got %v", err)
			}
		})
	}
	for name, token := range map[string]string{
		"a key of another file": stranger, "nothing": "", "a name": "inbox", "a line": inboxLine, "a line of another file": strangerLine,
		"a longer key": inbox + "A", "a shorter key": inbox[1:], "a key in lower case": strings.ToLower(inbox), "a hash": strings.Fields(inboxLine)[1],
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			if ctx, err := keys.Authenticate(t.Context(), token); !errors.Is(err, auth.UnknownAccessKey) || ctx != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestScopeOfAnAccessKey: a key is for what its line says, and without that for the
// whole project.
func TestScopeOfAnAccessKey(t *testing.T) {
	all, allLine := newKey(t, "all")
	bot, botLine, err := auth.NewAccessKey("bot", "{\n\"statuses\": [\"BOT\"]\n}")
	if err != nil || !strings.HasSuffix(botLine, ` {"statuses":["BOT"]}`) {
		t.Fatalf("got %q, %v", botLine, err)
	}
	keys, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: keyFile(t, allLine+"\n"+botLine)})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string][]texter.ChatStatus{all: nil, bot: {texter.StatusBot}} {
		ctx, err := keys.Authenticate(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		assertScope(ctx, t, want)
	}
	if key, line, err := auth.NewAccessKey("bot", `{"statuses":["canary"]}`); err == nil || key != "" || line != "" || !strings.Contains(err.Error(), "the access key's scope is wrong: ") {
		t.Errorf("got %q, %q, %v", key, line, err)
	}
}

// assertScope fails unless a caller may see the chats of these statuses alone; of all,
// if there are none.
func assertScope(ctx context.Context, t *testing.T, want []texter.ChatStatus) {
	t.Helper()
	if f, err := scope.Narrow(ctx, texter.ChatFilter{}); err != nil || !slices.Equal(f.Statuses, want) {
		t.Errorf("got %v, %v, want %v", f.Statuses, err, want)
	}
}

func TestBadKeyFiles(t *testing.T) {
	const badName, badHash = "must start with a name of letters, digits, dots, hyphens and underscores", "must have after its name sha256: and 64 hex digits"
	_, one := newKey(t, "one")
	_, two := newKey(t, "two")
	hash := strings.Fields(one)[1]
	for name, test := range map[string]struct{ content, want string }{
		"a name without a hash":        {one + "\ncanary", "line 2 " + badHash},
		"a hash without a name":        {hash, "line 1 " + badName},
		"a name with a slash":          {"# x\n\ncan/ary " + hash, "line 3 " + badName},
		"a long name":                  {strings.Repeat("canary", 11) + " " + hash, "line 1 " + badName},
		"a third word":                 {one + " canary", "line 1 has a wrong scope"},
		"a null scope":                 {one + " null", "line 1 has a wrong scope"},
		"an empty list in a scope":     {one + ` {"labels": []}`, "line 1 has a wrong scope"},
		"an unknown status in a scope": {one + ` {"statuses": ["canary"]}`, "line 1 has a wrong scope"},
		"a scope cut short":            {one + ` {"labels": ["canary"]`, "line 1 has a wrong scope"},
		"a hash without its algorithm": {"canary " + hash[7:], "line 1 " + badHash},
		"a hash of another algorithm":  {"canary sha512:" + hash[7:], "line 1 " + badHash},
		"a short hash":                 {"canary " + hash[:len(hash)-2], "line 1 " + badHash},
		"a hash and one digit more":    {"canary " + hash + "0", "line 1 " + badHash},
		"a long hash":                  {"canary " + hash + "00", "line 1 " + badHash},
		"a hash that is not hex":       {"canary sha256:" + strings.Repeat("xy", 32), "line 1 " + badHash},
		"a name twice":                 {one + "\n\n" + strings.Replace(two, "two", "one", 1), "line 3 repeats the name"},
		"a hash twice":                 {one + "\ncanary " + hash, "line 2 repeats the hash"},
		"a key in place of its hash":   {"canary texter_graphql_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "line 1 " + badHash},
		"a line cut short":             {one + "\n" + two[:40], "line 2 " + badHash},
		"a NUL":                        {"canary\x00 " + hash, "line 1 " + badName},
		"two keys in one line":         {one + " " + two, "line 1 has a wrong scope"},
		"more than 256 KiB":            {strings.Repeat("#canary\n", 256<<7+1), "256 KiB or less"},
	} {
		t.Run(name+" is an error, which does not quote the line", func(t *testing.T) {
			_, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: keyFile(t, test.content)})
			if err == nil || !strings.HasPrefix(err.Error(), "must name a file of ") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), hash[7:20]) {
				t.Errorf("got %v", err)
			}
		})
	}
	for name, path := range map[string]string{"a folder": t.TempDir(), "a missing file": filepath.Join(t.TempDir(), "none"), "no path": ""} {
		t.Run(name+" can't be read", func(t *testing.T) {
			if _, err := auth.LoadAccessKeys(auth.KeyFileOptions{Path: path}); err == nil {
				t.Error("it is read")
			}
		})
	}
}
