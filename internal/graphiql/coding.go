package graphiql

import (
	"strconv"
	"strings"
)

// identity is the coding of a file that is not compressed.
const identity = "identity"

// codings are the content codings (RFC 9110, section 8.4.1) that a file can have,
// and the suffixes of their file names. The one that compresses best is first.
var codings = []struct{ name, suffix string }{
	{"br", ".br"},
	{"gzip", ".gz"},
	{identity, ""},
}

// isCompressed reports whether a file is a compressed variant of another one.
func isCompressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

// choose returns the variant with the highest weight in an Accept-Encoding header,
// the smallest one among equals. If the header refuses all variants, it returns the
// file itself, as RFC 9110 allows.
func choose(variants []variant, accept string) variant {
	best, highest := variants[len(variants)-1], 0.0
	for _, v := range variants {
		if q := quality(accept, v.coding); q > highest {
			best, highest = v, q
		}
	}
	return best
}

// quality returns the weight of a coding in an Accept-Encoding header (RFC 9110,
// section 12.5.3), from 0 to 1. 0 means that the client refuses the coding.
func quality(accept, coding string) float64 {
	wildcard, hasWildcard := 0.0, false
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, coding):
			return weight(parameters)
		case name == "*":
			wildcard, hasWildcard = weight(parameters), true
		}
	}
	if coding == identity && !hasWildcard {
		return 1e-4 // accepted, but below every weight in the header, which has at most 3 digits
	}
	return wildcard
}

// weight returns the weight of a coding from its parameters: 1 if there are none, 0
// if they are not valid.
func weight(parameters string) float64 {
	name, value, found := strings.Cut(parameters, "=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !strings.EqualFold(strings.TrimSpace(name), "q") || q < 0 || q > 1 {
		return 0
	}
	return q
}
