// Package scalar writes and reads the schema's scalars DateTime and JSON, and
// strings from Texter.
package scalar

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"texter-graphql/texter"
)

// dateTimeLayout is the format of RFC 3339, always with milliseconds.
const dateTimeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalDateTime writes a time of the years 0 to 9999 in the format of RFC 3339,
// in UTC and with milliseconds.
func MarshalDateTime(t texter.Timestamp) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(t.Time().AppendFormat([]byte{'"'}, dateTimeLayout+`"`))
	})
}

// UnmarshalDateTime reads a string in the format of RFC 3339. It errors on anything
// else.
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

// MarshalJSON writes JSON unchanged, or null for nil.
func MarshalJSON(raw json.RawMessage) graphql.Marshaler {
	if raw == nil {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(raw) })
}

// UnmarshalJSON reads any value. It errors if JSON cannot represent the value.
func UnmarshalJSON(v any) (json.RawMessage, error) { return json.Marshal(v) }

// MarshalText writes a string as graphql.MarshalString does, or null.
func MarshalText(t texter.Text) graphql.Marshaler {
	if t.IsNull() {
		return graphql.Null
	}
	return graphql.MarshalString(t.String())
}

// UnmarshalText always errors: only Texter makes a texter.Text. gqlgen needs the
// function, but never calls it.
func UnmarshalText(any) (texter.Text, error) {
	return texter.Text{}, errors.New("a string from Texter cannot be an input")
}
