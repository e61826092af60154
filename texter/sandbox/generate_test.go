package sandbox_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"texter-graphql/texter/sandbox"
)

func TestEqualSeedsGiveEqualChats(t *testing.T) {
	one := sandbox.New(sandbox.Options{Seed: 7, Chats: 500, Now: stopped}).Chats()
	two := sandbox.New(sandbox.Options{Seed: 7, Chats: 500, Now: stopped}).Chats()
	other := sandbox.New(sandbox.Options{Seed: 8, Chats: 500, Now: stopped}).Chats()
	if !reflect.DeepEqual(one, two) {
		t.Error("the same seed gave different chats")
	}
	if reflect.DeepEqual(one, other) {
		t.Error("another seed gave the same chats")
	}
}

func TestTheNewestMessageIsSecondsOld(t *testing.T) {
	for _, n := range []int{1, 10, 1000} {
		t.Run(fmt.Sprint(n, " chats"), func(t *testing.T) {
			before := time.Now()
			s := sandbox.New(sandbox.Options{Chats: n})
			age := before.Sub(time.UnixMilli(*s.Chats()[0].LastMessageTimestamp))
			if age <= 0 || age > time.Minute {
				t.Errorf("the newest is %v old", age)
			}
		})
	}
}

// manyChats returns how many chats a test looks at: as many as a sandbox has by
// default, or a fifth of them with -short.
func manyChats() int {
	if testing.Short() {
		return 1000
	}
	return 5000
}

// TestEveryFieldHasItsTypeAndUnit: fields that may be absent are absent in some rows.
func TestEveryFieldHasItsTypeAndUnit(t *testing.T) {
	u := start(t, sandbox.Options{Chats: manyChats()})
	rows := u.find("limit", "10000", "showNoMessages", "1").Data
	always := []string{
		"_id", "title", "channelInfo", "agent", "departmentId", "status", "unreadCount", "created", "updatedAt",
		"botState", "crmData", "externalBot",
	}
	sometimes := []string{
		"displayName", "personId", "image", "channel", "entityPhone", "clientPhone", "clientPhoneE164", "labels",
		"last_message_timestamp", "lastIncomingMessageTimestamp", "pendingMessageTime", "pendingUpdateTime",
		"resolvedUpdateTime", "previousBotSession", "replyAction", "sendingBulkAgent", "unsubscribed", "crmDeepLink",
	}
	seen := map[string]int{}
	for _, row := range rows {
		for name, value := range row {
			seen[name]++
			checkField(t, name, value)
		}
	}
	for _, name := range always {
		if seen[name] != len(rows) {
			t.Errorf("%s is on %d rows, want all", name, seen[name])
		}
	}
	for _, name := range sometimes {
		if n := seen[name]; n == 0 || n == len(rows) {
			t.Errorf("%s is on %d rows, want some", name, n)
		}
	}
	if len(seen) != len(always)+len(sometimes) {
		t.Errorf("undocumented fields among %v", slices.Sorted(maps.Keys(seen)))
	}
}

var (
	millis  = regexp.MustCompile(`_timestamp$|Timestamp$`)
	seconds = regexp.MustCompile(`UpdateTime$|MessageTime$`)
	isoTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	hexID   = regexp.MustCompile(`^[0-9a-f]{24}$`)
	objects = []string{"channelInfo", "agent", "botState", "previousBotSession", "replyAction", "unsubscribed", "crmData"}
)

func checkField(t *testing.T, name string, value any) {
	t.Helper()
	ok := true
	switch {
	case millis.MatchString(name):
		ok = within(value, 1)
	case seconds.MatchString(name):
		ok = within(value, 1000)
	case name == "created" || name == "updatedAt":
		s, _ := value.(string)
		ok = isoTime.MatchString(s) && s <= "2025-11-01T12:00:00.000Z"
	case slices.Contains(objects, name) && value != nil:
		_, ok = value.(map[string]any)
	case name == "_id":
		s, _ := value.(string)
		ok = hexID.MatchString(s)
	}
	if !ok {
		t.Errorf("%s is %v", name, value)
	}
}

// within reports whether value is an integer of the unit, in the three years
// before noon.
func within(value any, millisecondsPerUnit float64) bool {
	n, ok := value.(float64)
	age := float64(noon.UnixMilli()) - n*millisecondsPerUnit
	return ok && n == float64(int64(n)) && age >= 0 && age < 3*365*24*3600*1000
}
