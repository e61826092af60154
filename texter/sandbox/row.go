package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// row is a chat, with all that a search needs of it prepared. It never changes, so
// that a search may use it without the lock.
type row struct {
	chat        Chat
	json        []byte
	title       string // lower case
	displayName string // lower case
	phone       string // digits only
	phoneE164   string // digits only; "" if the same as phone
	last        int64  // epoch milliseconds
	messageless bool
}

func newRow(c Chat) *row {
	c = c.clone()
	r := &row{
		chat:        c,
		json:        encode(c),
		title:       strings.ToLower(c.Title),
		displayName: strings.ToLower(c.DisplayName),
		phone:       digits(c.ClientPhone),
		phoneE164:   digits(c.ClientPhoneE164),
		messageless: c.LastMessageTimestamp == nil,
	}
	if r.phoneE164 == r.phone {
		r.phoneE164 = ""
	}
	if !r.messageless {
		r.last = *c.LastMessageTimestamp
	}
	return r
}

// compare orders rows, newest first. The reference does not order rows of the same
// time: here they are ordered by id, so that paging is stable.
func compare(a, b *row, messagelessFirst bool) int {
	return cmp.Or(compareTimes(a, b, messagelessFirst), strings.Compare(a.chat.ID, b.chat.ID))
}

// compareTimes orders rows by the time of their last message alone.
func compareTimes(a, b *row, messagelessFirst bool) int {
	if a.messageless != b.messageless {
		if a.messageless == messagelessFirst {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.last, a.last)
}

// encode is v in compact JSON, with <, > and & as they are, as servers that are not
// written in Go send them. It panics if v can't be encoded, such as a RawMessage
// that is not JSON: that is a mistake of the caller who made the chat.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("sandbox: the chat cannot be encoded: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
