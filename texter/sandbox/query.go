package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of the parameters, from the Texter REST reference.
const (
	minSearch    = 2 // characters
	maxLabels    = 100
	maxStatuses  = 5
	defaultLimit = 30
	maxLimit     = 10000
)

// query is a search whose parameters are all valid.
type query struct {
	filter
	limit int
	skip  int
}

// parseQuery reads the parameters of a search. Its error is answered with 400.
func parseQuery(raw string) (query, error) {
	q := query{limit: defaultLimit}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return q, errors.New("the query string is malformed")
	}
	// Sorted, so that the same request always gets the same reason.
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := q.set(name, values[name]); err != nil {
			return q, err
		}
	}
	if (q.channel == "") != (q.account == "") {
		return q, errors.New("channel[name] and channel[accountId] go together")
	}
	return q, nil
}

func (q *query) set(name string, values []string) error {
	for _, v := range values {
		if v == "" || !utf8.ValidString(v) {
			return fmt.Errorf("%q is empty or not UTF-8", name)
		}
	}
	switch name {
	case "labels[]":
		return q.setLabels(values)
	case "statuses[]":
		return q.setStatuses(values)
	}
	if len(values) > 1 {
		return fmt.Errorf("%q is given more than once", name)
	}
	return q.setScalar(name, values[0])
}

func (q *query) setScalar(name, value string) (err error) {
	switch name {
	case "search":
		if utf8.RuneCountInString(value) < minSearch {
			return errors.New("search needs at least 2 characters")
		}
		q.setText(value)
	case "channel[name]":
		if !knownChannel(value) {
			return errors.New("channel[name] is not a known channel")
		}
		q.channel = value
	case "channel[accountId]":
		q.account = value
	case "showNoMessages":
		q.messageless = value == "1" || value == "true"
		if !q.messageless && value != "0" && value != "false" {
			return errors.New("showNoMessages is 1, true, 0 or false")
		}
	case "limit":
		if q.limit, err = number(name, value); err == nil && (q.limit < 1 || q.limit > maxLimit) {
			return errors.New("limit is from 1 to 10000")
		}
	case "skip":
		q.skip, err = number(name, value)
	default:
		return fmt.Errorf("%q is not a parameter of this search", name)
	}
	return err
}

func (q *query) setLabels(values []string) error {
	q.labels = make(map[string]struct{}, len(values))
	for _, v := range values {
		q.labels[v] = struct{}{}
	}
	if len(q.labels) > maxLabels {
		return errors.New("labels[] takes at most 100 unique labels")
	}
	return nil
}

func (q *query) setStatuses(values []string) error {
	if len(values) > maxStatuses {
		return errors.New("statuses[] takes at most 5 statuses")
	}
	for _, v := range values {
		n, ok := statusNumber(v)
		if !ok {
			return errors.New("statuses[] holds an unknown status")
		}
		q.statuses |= 1 << n
	}
	return nil
}

// number reads digits and nothing else: no sign, no space. A number that is too
// large for an int becomes the largest int, since skip has no documented maximum.
func number(name, value string) (int, error) {
	if strings.Trim(value, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not made of digits", name)
	}
	n, _ := strconv.Atoi(value) // the only error is out of range, where n is the maximum
	return n, nil
}

// knownChannel reports whether the search accepts the name of a channel. There are
// chats on others, such as sms, but no search can ask for them.
func knownChannel(name string) bool {
	switch name {
	case "whatsapp", "messenger", "instagram", "website_chat", "email":
		return true
	}
	return false
}

// statusNumber is the number that a chat's status field has for the name of a
// status.
func statusNumber(name string) (n int, ok bool) {
	n = slices.Index([]string{"BOT", "PENDING", "ASSIGNED", "RESOLVED", "BULK"}, name)
	return n, n >= 0
}
