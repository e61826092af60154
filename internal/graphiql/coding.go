package graphiql

import (
	"strconv"
	"strings"
)

// identity is the coding of a file as it is.
const identity = "identity"

// codings are the content codings (RFC 9110, section 8.4.1) that the build
// leaves beside a file, and the endings of their names: the smallest first, the
// file itself last.
var codings = []struct{ name, suffix string }{
	{"br", ".br"},
	{"gzip", ".gz"},
	{identity, ""},
}

// isCompressed reports whether a file is a coding of another.
func isCompressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

// choose is the variant that the Accept-Encoding header wants most, the
// smallest among equals. A client that wants none gets the file as it is, as
// RFC 9110 allows.
func choose(variants []variant, accept string) variant {
	best, most := variants[len(variants)-1], 0.0
	for _, v := range variants {
		if q := quality(accept, v.coding); q > most {
			best, most = v, q
		}
	}
	return best
}

// quality is how much an Accept-Encoding header (RFC 9110, section 12.5.3)
// wants a coding: 0 is not at all.
func quality(accept, coding string) float64 {
	others, stated := 0.0, false
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, coding):
			return weight(parameters)
		case name == "*":
			others, stated = weight(parameters), true
		}
	}
	if coding == identity && !stated {
		return 1e-4 // taken, but after all that are named: weights have 3 digits
	}
	return others
}

// weight is the q of a coding: 1 when left out, 0 when it is no weight.
func weight(parameters string) float64 {
	name, value, given := strings.Cut(parameters, "=")
	if !given {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !strings.EqualFold(strings.TrimSpace(name), "q") || q < 0 || q > 1 {
		return 0
	}
	return q
}
