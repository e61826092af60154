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

// written is what a marshaler writes.
func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

// TestMarshalDateTime writes UTC, with milliseconds and no more.
func TestMarshalDateTime(t *testing.T) {
	for want, value := range map[string]texter.Timestamp{
		`"2025-02-26T13:02:58.353Z"`: 1_740_574_978_353,
		`"2025-02-26T13:02:58.000Z"`: 1_740_574_978_000,
		`"0000-01-01T00:00:00.000Z"`: -62_167_219_200_000,
		`"9999-12-31T23:59:59.999Z"`: 253_402_300_799_999,
	} {
		if got := written(scalar.MarshalDateTime(value)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestUnmarshalDateTime reads RFC 3339 and nothing else.
func TestUnmarshalDateTime(t *testing.T) {
	const want texter.Timestamp = 1_740_574_978_500
	for _, good := range []string{"2025-02-26T13:02:58.5Z", "2025-02-26T16:02:58.500+03:00"} {
		if got, err := scalar.UnmarshalDateTime(good); err != nil || got != want {
			t.Errorf("%s: got %v, %v", good, got, err)
		}
	}
	for _, bad := range []any{"", "canary", "2025-02-26", "2025-02-30T00:00:00Z", "2025-02-26T13:02:58", 1740574978, nil, json.Number("1"), true, want} {
		if got, err := scalar.UnmarshalDateTime(bad); err == nil || got != 0 || strings.Contains(err.Error(), "canary") {
			t.Errorf("%v: got %v, %v", bad, got, err)
		}
	}
}

// TestJSON goes through as it is.
func TestJSON(t *testing.T) {
	for _, raw := range []string{`{"b":1, "a":[1e400,"<\u00e9>"]}`, `"text"`, "0.10", "false", "null", "[]"} {
		if got := written(scalar.MarshalJSON(json.RawMessage(raw))); got != raw {
			t.Errorf("got %s, want %s", got, raw)
		}
	}
	if got := written(scalar.MarshalJSON(nil)); got != "null" {
		t.Errorf("none is %s", got)
	}
	got, err := scalar.UnmarshalJSON(map[string]any{"a": []any{json.Number("0.10"), nil, "x"}})
	if want := `{"a":[0.10,null,"x"]}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if got, err := scalar.UnmarshalJSON(math.Inf(1)); err == nil {
		t.Errorf("infinity is %s", got)
	}
}
