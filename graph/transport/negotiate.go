package transport

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of answers: GraphQL over HTTP, "Media Types".
const (
	mediaTypeGraphQL = "application/graphql-response+json"
	mediaTypeJSON    = "application/json"
)

// negotiate chooses the media type of the answer from the Accept header
// (RFC 9110, section 12.5.1), or none. Where the client leaves the choice it
// is application/json, which every client reads.
func negotiate(accept []string) string {
	ranges := strings.ToLower(strings.Join(accept, ","))
	switch strings.TrimSpace(ranges) {
	case "", "*/*", mediaTypeJSON: // as most clients send it
		return mediaTypeJSON
	}
	graphQL, json := quality(ranges, mediaTypeGraphQL), quality(ranges, mediaTypeJSON)
	switch {
	case graphQL <= 0 && json <= 0:
		return ""
	case graphQL > json, graphQL == json && strings.Contains(ranges, mediaTypeGraphQL):
		return mediaTypeGraphQL
	}
	return mediaTypeJSON
}

// quality is how much the ranges want a media type, by the most specific range
// that takes it in; -1 if none does.
func quality(ranges, mediaType string) float64 {
	best, specificity := -1.0, -1
	for part := range strings.SplitSeq(ranges, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		s := specificityOf(name, mediaType)
		if charset, ok := params["charset"]; s <= specificity || ok && !strings.EqualFold(charset, "utf-8") {
			continue
		}
		best, specificity = 1, s
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			best = q
		}
	}
	return best
}

// specificityOf says how closely a range names a media type: 2 by its name, 1
// by its main type, 0 as any, -1 not at all.
func specificityOf(name, mediaType string) int {
	switch name {
	case mediaType:
		return 2
	case mediaType[:strings.IndexByte(mediaType, '/')+1] + "*":
		return 1
	case "*/*":
		return 0
	}
	return -1
}
