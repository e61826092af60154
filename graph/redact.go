package graph

import "regexp"

// redact takes the values that the request brought out of a message of
// gqlparser or gqlgen: they can be anything, such as a phone number in the
// wrong argument. Names stay, for they say what to mend.
func redact(message string) string {
	for _, q := range quotations {
		if q.pattern.MatchString(message) {
			return q.pattern.ReplaceAllString(message, q.instead)
		}
	}
	return message
}

// quotations are the messages that repeat values.
var quotations = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?s)^(\w+(?: "[^"]*")? cannot represent [^:]*) value: .*`), "$1 value."},
	{regexp.MustCompile(`(?s)^(Expected value of type "[^"]*"), found .*`), "$1."},
	{regexp.MustCompile(`(?s)^.* is not a valid (\w+)$`), "must be a valid $1"},
	{regexp.MustCompile(`(?s)^cannot use value .* as (\w+)$`), "cannot be used as $1"},
	{regexp.MustCompile(`(?s)^operation .* not found$`), "The document has no operation of this operationName."},
	{regexp.MustCompile(`(?s)^(Unexpected|Expected .*?, found) (String|BlockString|Int|Float|Comment) .*`), "$1 $2"},
}
