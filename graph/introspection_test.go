package graph_test

import (
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

// TestIntrospection has what gqlgen and gqlparser answer otherwise than the
// specification (GraphQL, section 4.2). test/judge compares all of it.
func TestIntrospection(t *testing.T) {
	s, _ := newSandboxService(t, sandbox.Options{Chats: 1})
	for _, test := range []struct{ name, document, want string }{
		{"no tool of before 2026 finds a location that it does not know", `{__schema{directives{name locations}}}`,
			`{"name":"deprecated","locations":["FIELD_DEFINITION","ARGUMENT_DEFINITION","INPUT_FIELD_DEFINITION","ENUM_VALUE"]}`},
		{"what a kind of types does not have is null", `{__type(name:"Int"){fields{name} interfaces{name} possibleTypes{name} enumValues{name} inputFields{name} isOneOf}}`,
			`{"__type":{"fields":null,"interfaces":null,"possibleTypes":null,"enumValues":null,"inputFields":null,"isOneOf":null}}`},
		{"what it has is a list", `{__type(name:"Chat"){interfaces{name} possibleTypes{name} isOneOf}}`,
			`{"__type":{"interfaces":[],"possibleTypes":null,"isOneOf":null}}`},
		{"an input object says whether it takes one field", `{__type(name:"ChatFilter"){isOneOf fields{name}}}`,
			`{"__type":{"isOneOf":false,"fields":null}}`},
		{"a built-in scalar that nothing refers to is not there", `{__type(name:"Float"){name}}`, `{"__type":null}`},
		{"includeDeprecated is never null", `{__type(name:"__Type"){fields{name args{type{kind}}}}}`, `{"name":"fields","args":[{"type":{"kind":"NON_NULL"}}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if body := string(s.post(t, test.document, nil)); !strings.Contains(body, test.want) {
				t.Errorf("got %s", body)
			}
		})
	}
}
