package upstreamcheck

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sampleSize is how many chats the rows are checked on.
const sampleSize = 1000

// maxLimit is the largest documented limit.
const maxLimit = 10_000

// rows checks the newest chats: their fields, their order, and whether a second
// response has the same order.
func (c *checker) rows(ctx context.Context) error {
	sample, err := c.search(ctx, "limit", strconv.Itoa(sampleSize))
	if err != nil {
		return err
	}
	if sample.status != http.StatusOK { // a small limit
		if sample, err = c.search(ctx, "limit", "30"); err != nil {
			return err
		}
	}
	c.fields(sample.rows)
	c.add("compression", map[bool]Verdict{true: OK, false: Note}[sample.gzip], map[bool]string{true: "gzip", false: "none"}[sample.gzip], map[bool]string{false: "more bytes on the way; nothing breaks"}[sample.gzip])
	duplicates := len(sample.rows) - len(slices.Compact(slices.Sorted(slices.Values(ids(sample.rows)))))
	c.require("ids", duplicates == 0, fmt.Sprintf("%d of %d chats are there twice", duplicates, len(sample.rows)), "lists show a chat twice")
	c.require("order", isSorted(sample.rows), fmt.Sprintf("%d chats", len(sample.rows)),
		"chats must be sorted by their last message, newest first: a cursor whose chat moves loses its place")
	again, err := c.search(ctx, "limit", strconv.Itoa(max(len(sample.rows), 1)))
	if err != nil {
		return err
	}
	c.ties(sample.rows, again.rows)
	return nil
}

// ties compares two readings of the same list.
func (c *checker) ties(a, b []map[string]any) {
	equal := 0
	for i := 1; i < len(a); i++ {
		if last(a[i]) == last(a[i-1]) {
			equal++
		}
	}
	if equal == 0 {
		c.add("equal times", Unseen, "no two chats of the sample have one time", "")
		return
	}
	moved := 0
	for i := range min(len(a), len(b)) {
		if a[i]["_id"] != b[i]["_id"] && last(a[i]) == last(b[i]) {
			moved++
		}
	}
	c.require("equal times", moved == 0, fmt.Sprintf("%d chats with the time of the one before, %d changed places", equal, moved),
		"chats of one time change places from call to call: pages can miss some and repeat others")
}

// size checks limit, skip and total, which show in what is there at the end.
func (c *checker) size(ctx context.Context) error {
	one, err := c.search(ctx, "limit", "1")
	if err != nil {
		return err
	}
	limit := min(one.total+10, maxLimit)
	all, err := c.search(ctx, "limit", strconv.Itoa(limit))
	if err != nil {
		return err
	}
	rows, total := len(all.rows), all.total
	expected := min(limit, total)
	switch {
	case all.status == http.StatusBadRequest:
		c.add("limit", Note, fmt.Sprintf("%d is refused", limit), "the service reads large pages in several calls")
		return c.skip(ctx, one.total)
	case rows > expected:
		c.add("limit", OK, fmt.Sprintf("%d chats for %d", rows, limit), "")
		c.add("total", Breaks, fmt.Sprintf("%d, of %d chats", total, rows), "counts are wrong, and the service asks once more at the end of a list")
		return c.skip(ctx, rows)
	case rows == expected:
		c.add("limit", OK, fmt.Sprintf("%d chats for %d", rows, limit), "")
		c.add("total", OK, strconv.Itoa(total), "")
		return c.skip(ctx, total)
	}
	return c.short(ctx, rows, limit, total)
}

// short finds out why a search for all chats returned fewer.
func (c *checker) short(ctx context.Context, rows, limit, total int) error {
	next, err := c.search(ctx, "limit", "1", "skip", strconv.Itoa(rows))
	switch {
	case err != nil:
		return err
	case len(next.rows) == 0:
		c.add("limit", OK, fmt.Sprintf("%d chats for %d", rows, limit), "")
		c.add("total", Breaks, fmt.Sprintf("%d, of %d chats", total, rows), "counts are wrong, and the service asks once more at the end of a list")
		return c.skip(ctx, rows)
	case rows < 10:
		c.add("limit", Breaks, fmt.Sprintf("%d chats for %d", rows, limit), "too few for the service to read a page")
	default:
		c.add("limit", Note, fmt.Sprintf("%d chats for %d", rows, limit), "the service reads larger pages in several calls, up to the size that its budget of calls allows")
	}
	return c.skip(ctx, total)
}

// skip looks for the last chat of the list.
func (c *checker) skip(ctx context.Context, total int) error {
	if total < 2 {
		c.add("skip", Unseen, "too few chats", "")
		return nil
	}
	end, err := c.search(ctx, "limit", "2", "skip", strconv.Itoa(total-1))
	if err != nil {
		return err
	}
	c.require("skip", end.status == http.StatusOK && len(end.rows) == 1, fmt.Sprintf("%d chats after %d of %d", len(end.rows), total-1, total),
		"lists can't be read to their end: UPSTREAM_INVALID_RESPONSE from some place on")
	return nil
}

// messageless finds where chats without messages stand.
func (c *checker) messageless(ctx context.Context) error {
	const all, yes = "showNoMessages", "1"
	without, err := c.search(ctx, "limit", "1")
	if err != nil {
		return err
	}
	first, err := c.search(ctx, all, yes, "limit", "1")
	if err != nil {
		return err
	}
	if first.total <= without.total || len(first.rows) == 0 {
		c.add("chats without messages", Unseen, "there are none", "")
		return nil
	}
	end, err := c.search(ctx, all, yes, "limit", "2", "skip", strconv.Itoa(max(first.total-2, 0)))
	if err != nil {
		return err
	}
	seen := fmt.Sprintf("%d of %d chats", first.total-without.total, first.total)
	switch {
	case last(first.rows[0]) == nil:
		c.add("chats without messages", OK, seen+", first", "")
	case len(end.rows) > 0 && last(end.rows[len(end.rows)-1]) == nil:
		c.add("chats without messages", OK, seen+", last", "")
	default:
		c.add("chats without messages", Breaks, seen+", at neither end", "cursors lose their place in lists with showNoMessages")
	}
	return nil
}

// labels checks the call for labels.
func (c *checker) labels(ctx context.Context) error {
	r, err := c.get(ctx, "/labels?limit="+strconv.Itoa(maxLimit))
	if err != nil {
		return err
	}
	good := r.status == http.StatusOK && r.total >= len(r.labels)
	for _, label := range r.labels {
		id, _ := label["id"].(string)
		_, named := label["name"].(string)
		good = good && id != "" && named
	}
	c.require("labels", good, fmt.Sprintf("%d, status %d", len(r.labels), r.status), "labels have no names or colors")
	return nil
}

// ids are the ids of rows.
func ids(rows []map[string]any) (ids []string) {
	for _, row := range rows {
		id, _ := row["_id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// last is the time of a row's last message; nil for none.
func last(row map[string]any) any { return row["last_message_timestamp"] }

func isSorted(rows []map[string]any) bool {
	before := float64(1 << 60)
	for _, row := range rows {
		at, ok := last(row).(float64)
		if !ok {
			continue // see messageless
		}
		if at > before {
			return false
		}
		before = at
	}
	return true
}

// kinds are the documented fields of a chat, by what their values must be. Any may be
// null or absent, but for _id.
var kinds = map[string]func(any) bool{
	"_id": isText, "title": isText, "displayName": isText, "personId": isText, "image": isText, "channel": isText, "entityPhone": isText,
	"clientPhone": isText, "clientPhoneE164": isText, "departmentId": isText, "sendingBulkAgent": isText, "crmDeepLink": isText,
	"status": isNumber, "unreadCount": isNumber, "last_message_timestamp": isMilliseconds, "lastIncomingMessageTimestamp": isMilliseconds,
	"pendingMessageTime": isSeconds, "pendingUpdateTime": isSeconds, "resolvedUpdateTime": isSeconds, "created": isTime, "updatedAt": isTime,
	"channelInfo": isObject, "agent": isObject, "botState": isObject, "previousBotSession": isObject, "replyAction": isObject,
	"unsubscribed": isObject, "labels": isTexts, "externalBot": func(v any) bool { _, ok := v.(bool); return ok },
}

func isText(v any) bool   { _, ok := v.(string); return ok }
func isNumber(v any) bool { n, ok := v.(float64); return ok && n == float64(int32(n)) }
func isObject(v any) bool { _, ok := v.(map[string]any); return ok }

// isMilliseconds and isSeconds also tell the two units apart: in milliseconds, 1e11
// is a day in 1973.
func isMilliseconds(v any) bool { n, ok := v.(float64); return ok && n >= 1e11 }
func isSeconds(v any) bool      { n, ok := v.(float64); return ok && n < 1e11 }

func isTime(v any) bool {
	text, _ := v.(string)
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

func isTexts(v any) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(v any) bool { return !isText(v) })
}

// fields checks the type of every documented field.
func (c *checker) fields(rows []map[string]any) {
	wrong, never := map[string]bool{}, maps.Clone(kinds)
	for _, row := range rows {
		if row["_id"] == nil {
			wrong["_id"] = true
		}
		for name, fits := range kinds {
			if value := row[name]; value != nil {
				delete(never, name)
				wrong[name] = wrong[name] || !fits(value)
			}
		}
	}
	maps.DeleteFunc(wrong, func(_ string, wrong bool) bool { return !wrong })
	c.require("fields", len(wrong) == 0 && len(rows) > 0, fmt.Sprintf("%d chats, wrong: %s", len(rows), list(wrong)),
		"pages with such chats fail (UPSTREAM_INVALID_RESPONSE), or show wrong times")
	if len(never) > 0 {
		c.add("fields never seen", Note, list(never), "they are null in every chat")
	}
}

func list[V any](names map[string]V) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), " ")
}
