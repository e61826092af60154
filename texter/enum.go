package texter

import "strconv"

// ChatStatus is where a chat stands in the inbox. Its number is what Texter
// sends in a chat's `status`, its String what the search takes in `statuses[]`.
type ChatStatus int

// The chat statuses of Texter's API reference.
const (
	StatusBot      ChatStatus = iota // a bot answers
	StatusPending                    // waits for an agent
	StatusAssigned                   // an agent has it; shown as "Taken" in Texter
	StatusResolved                   // done
	StatusBulk                       // got a bulk message, and has not answered yet
)

// String is the status's name in the REST API, or its number when unknown.
func (s ChatStatus) String() string {
	switch s {
	case StatusBot:
		return "BOT"
	case StatusPending:
		return "PENDING"
	case StatusAssigned:
		return "ASSIGNED"
	case StatusResolved:
		return "RESOLVED"
	case StatusBulk:
		return "BULK"
	}
	return strconv.Itoa(int(s))
}

func (s ChatStatus) known() bool { return s >= StatusBot && s <= StatusBulk }

// ChannelName is a messaging network by its name in the REST API.
type ChannelName string

// The networks of Texter's API reference. The search filters by all but SMS:
// chats on SMS are returned, but there is no filter for them.
const (
	ChannelWhatsApp    ChannelName = "whatsapp"
	ChannelMessenger   ChannelName = "messenger"
	ChannelInstagram   ChannelName = "instagram"
	ChannelWebsiteChat ChannelName = "website_chat"
	ChannelEmail       ChannelName = "email"
	ChannelSMS         ChannelName = "sms"
)

// searchableChannels are the networks that `channel[name]` takes.
func searchableChannels() []ChannelName {
	return []ChannelName{ChannelWhatsApp, ChannelMessenger, ChannelInstagram, ChannelWebsiteChat, ChannelEmail}
}
