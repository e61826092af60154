package sandbox

import "strings"

// filter says which chats a search returns. All its parts must match.
type filter struct {
	text        string // in lower case; "" matches all
	digits      string // of a text that may be a phone number, else ""
	national    string // digits without the leading 0, if that marks a local number, else ""
	channel     string // "" matches all
	account     string // "" matches all
	labels      map[string]struct{}
	statuses    uint // bit n is status n; 0 matches all
	messageless bool // also chats without messages
}

// setText prepares the search text once, so that matching a chat allocates
// nothing.
func (f *filter) setText(text string) {
	f.text = strings.ToLower(text)
	if strings.Trim(text, "0123456789+-() ") != "" {
		return
	}
	f.digits = digits(text)
	if rest, local := strings.CutPrefix(f.digits, "0"); local && !strings.Contains(text, "+") {
		f.national = rest
	}
}

// matches makes the cheap checks first.
func (f *filter) matches(r *row) bool {
	return (f.messageless || !r.messageless) &&
		f.matchesStatus(r.chat.Status) &&
		f.matchesChannel(&r.chat.ChannelInfo) &&
		f.matchesLabels(r.chat.Labels) &&
		f.matchesText(r)
}

func (f *filter) matchesStatus(status int) bool {
	// No name asks for a status that the reference does not know.
	return f.statuses == 0 || status >= 0 && f.statuses>>status&1 == 1
}

func (f *filter) matchesChannel(c *ChannelInfo) bool {
	return f.channel == "" || c.Name == f.channel && c.AccountID == f.account
}

func (f *filter) matchesLabels(labels []string) bool {
	if f.labels == nil {
		return true
	}
	for _, l := range labels {
		if _, ok := f.labels[l]; ok {
			return true
		}
	}
	return false
}

func (f *filter) matchesText(r *row) bool {
	return f.text == "" ||
		strings.Contains(r.title, f.text) ||
		strings.Contains(r.displayName, f.text) ||
		f.matchesPhone(r.phone) || f.matchesPhone(r.phoneE164)
}

func (f *filter) matchesPhone(phone string) bool {
	if f.digits == "" || phone == "" {
		return false
	}
	return strings.Contains(phone, f.digits) || f.national != "" && hasNational(phone, f.national)
}

// hasNational reports whether a phone begins with national after its country
// calling code, which has one to three digits (ITU-T E.164).
func hasNational(phone, national string) bool {
	for code := 1; code <= 3 && code < len(phone); code++ {
		if strings.HasPrefix(phone[code:], national) {
			return true
		}
	}
	return false
}

// digits are the ASCII digits of s.
func digits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}
