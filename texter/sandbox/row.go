package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// row is a chat with all that a search needs of it worked out beforehand. It
// is never changed once made, so a search may use it outside the lock.
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

// compare orders rows newest first. Rows of the same time, whose order the
// reference leaves open, go by id, so that paging is stable.
func compare(a, b *row, messagelessFirst bool) int {
	if a.messageless != b.messageless {
		if a.messageless == messagelessFirst {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.last, a.last), strings.Compare(a.chat.ID, b.chat.ID))
}

// encode is v as compact JSON with <, > and & left readable, as servers not
// written in Go send them. A value that cannot be encoded is a mistake of
// whoever made the chat, such as a RawMessage that is not JSON.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("sandbox: the chat cannot be encoded: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
