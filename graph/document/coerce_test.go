package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// coerceJSON coerces the JSON of a variable v.
func coerceJSON(t *testing.T, typeName, value string) (coerced string, err error) {
	t.Helper()
	query, err := parser.ParseQuery(&ast.Source{Input: "query($v:" + typeName + "){__typename}"})
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]any{}
	if value != "" {
		d := json.NewDecoder(strings.NewReader(`{"v":` + value + `}`))
		d.UseNumber()
		if err := d.Decode(&given); err != nil {
			t.Fatal(err)
		}
	}
	variables, errs := coerce(schema, query.Operations[0], given)
	text, _ := json.Marshal(variables["v"])
	if _, ok := variables["v"]; !ok && errs == nil {
		return "absent", nil
	}
	if len(errs) > 0 {
		err = errors.New(strings.TrimSuffix(errs[0].Message, "."))
	}
	return string(text), err
}

func TestCoercion(t *testing.T) {
	for _, test := range []struct{ typeName, value, want string }{
		{"Int", "1", "1"}, {"Int", "-2147483648", "-2147483648"}, {"Int", "2147483647", "2147483647"}, {"Int", "1.0", "1"}, {"Int", "1e3", "1000"},
		{"Int", "null", "null"}, {"Int", "", "absent"}, {"Int! = 3", "", "3"}, {"[ID!] = 3", "", "3"},
		{"Float", "1", "1"}, {"Float", "1.5", "1.5"},
		{"String", `"1"`, `"1"`}, {"String", `""`, `""`}, {"Boolean", "true", "true"},
		{"ID", `"a"`, `"a"`}, {"ID", "7", `"7"`}, {"ID", "9007199254740993", `"9007199254740993"`},
		{"ChatStatus", `"PENDING"`, `"PENDING"`},
		{"[Int]", "[1,null,2]", "[1,null,2]"}, {"[Int!]!", "[]", "[]"}, {"[Int]", "1", "[1]"}, {"[[Int]]", "1", "[[1]]"}, {"[Int]", "null", "null"},
		{"JSON", `{"a":[1,"b"]}`, `{"a":[1,"b"]}`}, {"JSON", `"a"`, `"a"`},
		{"ChatFilter", `{}`, `{}`}, {"ChatFilter", `{"search":null,"labels":"a"}`, `{"labels":["a"],"search":null}`},
		{"ChatFilter", `{"channel":{"name":"EMAIL","accountId":5}}`, `{"channel":{"accountId":"5","name":"EMAIL"}}`},
		{"PageInput!", `{"first":2}`, `{"first":2}`},
	} {
		t.Run(fmt.Sprintf("%s of type %s is %s", test.value, test.typeName, test.want), func(t *testing.T) {
			if got, err := coerceJSON(t, test.typeName, test.value); err != nil || got != test.want {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}

// TestCoercionErrors: an error names the variable and what is wrong, but not the
// value.
func TestCoercionErrors(t *testing.T) {
	for _, test := range []struct{ typeName, value, want string }{
		{"Int", `"17"`, "$v must be of type Int"}, {"Int", "17.5", "$v must be of type Int"}, {"Int", "2147483648", "$v must be of type Int"},
		{"Int", "-2147483649", "$v must be of type Int"}, {"Int", "1e400", "$v must be of type Int"}, {"Int", "true", "$v must be of type Int"}, {"Int", "[17]", "$v must be of type Int"},
		{"Int!", "null", "$v must not be null: its type is Int!"}, {"Int!", "", "$v must be given: its type is Int!"}, {"Int! = 3", "null", "$v must not be null: its type is Int!"},
		{"Float", `"17"`, "$v must be of type Float"}, {"Float", "1e400", "$v must be of type Float"},
		{"String", "17", "$v must be of type String"}, {"String!", "true", "$v must be of type String!"}, {"String", `["canary"]`, "$v must be of type String"}, {"String", `{"canary":1}`, "$v must be of type String"},
		{"Boolean", `"true"`, "$v must be of type Boolean"}, {"Boolean", "1", "$v must be of type Boolean"},
		{"ID", "17.5", "$v must be of type ID"}, {"ID", "true", "$v must be of type ID"},
		{"ChatStatus", `"canary"`, "$v must be of type ChatStatus"}, {"ChatStatus", `"pending"`, "$v must be of type ChatStatus"}, {"ChatStatus", "1", "$v must be of type ChatStatus"},
		{"[Int!]", "[1,null]", "$v[1] must not be null: its type is Int!"}, {"[Int]", `[1,2,"17"]`, "$v[2] must be of type Int"}, {"[Int]", "[[1]]", "$v[0] must be of type Int"},
		{"ChatFilter", `{"canary":1}`, "$v has a field that type ChatFilter does not have"}, {"ChatFilter", `"canary"`, "$v must be of type ChatFilter"}, {"ChatFilter", `[{}]`, "$v must be of type ChatFilter"},
		{"ChatFilter", `{"search":17}`, "$v.search must be of type String"}, {"ChatFilter", `{"statuses":["BOT","canary"]}`, "$v.statuses[1] must be of type ChatStatus!"},
		{"ChatFilter", `{"channel":{"name":"EMAIL"}}`, "$v.channel.accountId must be given: its type is ID!"},
		{"PageInput", `{"first":"17"}`, "$v.first must be of type Int"},
		{"[[Int]]", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "$v[0][0] must be of type Int"},
	} {
		t.Run(fmt.Sprintf("%.30s of type %s", test.value, test.typeName), func(t *testing.T) {
			if _, err := coerceJSON(t, test.typeName, test.value); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
