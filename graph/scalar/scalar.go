// Package scalar writes and reads the schema's own scalars, and strings as
// Texter sends them.
package scalar

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/texter"
)

// dateTimeLayout is RFC 3339 with milliseconds always written.
const dateTimeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalDateTime writes a moment of the years 0 to 9999 as RFC 3339, in UTC.
func MarshalDateTime(t texter.Timestamp) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(t.Time().AppendFormat([]byte{'"'}, dateTimeLayout+`"`))
	})
}

// UnmarshalDateTime reads a time of RFC 3339; it errors on anything else.
func UnmarshalDateTime(v any) (texter.Timestamp, error) {
	s, ok := v.(string)
	if !ok {
		return 0, errors.New("DateTime must be a string of RFC 3339")
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, errors.New("DateTime must be a time of RFC 3339")
	}
	return texter.Timestamp(t.UnixMilli()), nil
}

// MarshalJSON writes JSON as it is, or null for none.
func MarshalJSON(raw json.RawMessage) graphql.Marshaler {
	if raw == nil {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(raw) })
}

// UnmarshalJSON reads any value; it errors if there is no JSON for it.
func UnmarshalJSON(v any) (json.RawMessage, error) { return json.Marshal(v) }

// MarshalText writes a string as gqlgen does, or null.
func MarshalText(t texter.Text) graphql.Marshaler {
	if t.IsNull() {
		return graphql.Null
	}
	return graphql.MarshalString(t.String())
}

// UnmarshalText errors: nobody sends Texter's strings.
func UnmarshalText(any) (texter.Text, error) {
	return texter.Text{}, errors.New("a string of Texter can't be given")
}
