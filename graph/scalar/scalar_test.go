package scalar_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/graph/scalar"
	"texter-graphql/texter"
)

// written returns what a marshaler writes.
func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

func TestMarshalDateTime(t *testing.T) {
	for want, value := range map[string]texter.Timestamp{
		`"2025-02-26T13:02:58.353Z"`: 1_740_574_978_353,
		`"2025-02-26T13:02:58.000Z"`: 1_740_574_978_000,
		`"0000-01-01T00:00:00.000Z"`: -62_167_219_200_000,
		`"9999-12-31T23:59:59.999Z"`: 253_402_300_799_999,
	} {
		t.Run(want, func(t *testing.T) {
			if got := written(scalar.MarshalDateTime(value)); got != want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestUnmarshalDateTime(t *testing.T) {
	const want texter.Timestamp = 1_740_574_978_500
	for _, input := range []string{"2025-02-26T13:02:58.5Z", "2025-02-26T16:02:58.500+03:00"} {
		t.Run(input+" is a DateTime", func(t *testing.T) {
			if got, err := scalar.UnmarshalDateTime(input); err != nil || got != want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	for name, input := range map[string]any{
		"an empty string": "", "a word": "canary", "a date": "2025-02-26", "a day that does not exist": "2025-02-30T00:00:00Z", "a time without a zone": "2025-02-26T13:02:58",
		"an integer": 1740574978, "null": nil, "a number of JSON": json.Number("1"), "a Boolean": true, "a Timestamp": want,
	} {
		t.Run(name+" is no DateTime", func(t *testing.T) {
			if got, err := scalar.UnmarshalDateTime(input); err == nil || got != 0 || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestMarshalJSON(t *testing.T) {
	for _, raw := range []string{`{"b":1, "a":[1e400,"<\u00e9>"]}`, `"text"`, "0.10", "false", "null", "[]"} {
		t.Run(raw+" is written unchanged", func(t *testing.T) {
			if got := written(scalar.MarshalJSON(json.RawMessage(raw))); got != raw {
				t.Errorf("got %s", got)
			}
		})
	}
	t.Run("nil is written as null", func(t *testing.T) {
		if got := written(scalar.MarshalJSON(nil)); got != "null" {
			t.Errorf("got %s", got)
		}
	})
}

func TestUnmarshalJSON(t *testing.T) {
	t.Run("an input keeps its numbers", func(t *testing.T) {
		got, err := scalar.UnmarshalJSON(map[string]any{"a": []any{json.Number("0.10"), nil, "x"}})
		if want := `{"a":[0.10,null,"x"]}`; err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	})
	t.Run("infinity is an error", func(t *testing.T) {
		if got, err := scalar.UnmarshalJSON(math.Inf(1)); err == nil {
			t.Errorf("got %s", got)
		}
	})
}

func TestText(t *testing.T) {
	page, err := texter.SearchOptions{}.Decode([]byte(`{"total":1,"data":[{"_id":"1","title":"\u00e9\n","displayName":null}]}`))
	if err != nil {
		t.Fatal(err)
	}
	chat := page.Chats()[0]
	t.Run("a string is written as gqlgen writes it", func(t *testing.T) {
		if got := written(scalar.MarshalText(chat.Title())); got != `"é\n"` {
			t.Errorf("got %s", got)
		}
	})
	t.Run("null is written as null", func(t *testing.T) {
		if got := written(scalar.MarshalText(chat.DisplayName())); got != "null" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("an input is refused", func(t *testing.T) {
		if _, err := scalar.UnmarshalText("x"); err == nil {
			t.Error("it is accepted")
		}
	})
}
