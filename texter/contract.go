package texter

// field is the number of a field of a chat. The fields of an object within the
// chat are counted from the object's base, which is the field of the object
// itself.
type field uint8

// The fields of a chat. The value of an object's base is the object's JSON.
const (
	fieldRaw field = iota // the row
	fieldID
	fieldTitle
	fieldDisplayName
	fieldPersonID
	fieldImage
	fieldOlderChannel // the older spelling of channelInfo.name
	fieldEntityPhone
	fieldClientPhone
	fieldClientPhoneE164
	fieldDepartmentID
	fieldStatus
	fieldUnreadCount
	fieldLabels // a span of decoder.allLabels
	fieldLastMessageAt
	fieldLastIncomingMessageAt
	fieldCreatedAt
	fieldUpdatedAt
	fieldPendingMessageAt
	fieldPendingAt
	fieldResolvedAt
	fieldSendingBulkAgent
	fieldCRMData
	fieldCRMDeepLink
	fieldExternalBot

	fieldChannel
	fieldAgent              = fieldChannel + channelFields
	fieldUnsubscribed       = fieldAgent + agentFields
	fieldBotState           = fieldUnsubscribed + unsubscribedFields
	fieldPreviousBotSession = fieldBotState + sessionFields
	fieldReplyAction        = fieldPreviousBotSession + sessionFields
	chatFields              = fieldReplyAction + actionFields
)

// The fields of a channel.
const (
	channelRawName = 1 + iota
	channelID
	channelAccountID
	channelMetadata
	channelFields
)

// The fields of an agent.
const (
	agentUID = 1 + iota
	agentDisplayName
	agentFields
)

// The fields of an unsubscription.
const (
	unsubscribedDate = 1 + iota
	unsubscribedFields
)

// The fields of a bot session.
const (
	sessionID = 1 + iota
	sessionNode
	sessionUserState
	sessionFlow
	sessionFields = sessionFlow + flowFields
)

// The fields of a version of a bot's flow.
const (
	flowIdentifier = 1 + iota
	flowVersion
	flowFields
)

// The fields of a reply action.
const (
	actionCreatedAt = 1 + iota
	actionExpirationTime
	actionChatStatus
	actionSetBotNode
	actionBot
	actionReplyText
	actionResponsibleAgent
	actionResponsibleDepartment
	actionResolveAt
	actionFile
	actionFields = actionFile + fileFields
)

// The fields of a template's file.
const (
	fileURL = 1 + iota
	fileName
	fileFields
)

// kind is how the value of a key is read. Any may be null.
type kind uint8

const (
	ignored        kind = iota // not documented
	asText                     // a string
	asInteger                  // an integer of 32 bits, like GraphQL's Int and every count in the contract
	asMilliseconds             // a number of milliseconds since 1970
	asSeconds                  // a number of seconds since 1970
	asISOTime                  // a time or date of ISO 8601, in UTC if it has no zone
	asBoolean                  // true or false
	asJSON                     // any JSON
	asLabels                   // an array of strings
	asChat                     // from here on: objects with documented keys
	asChannel
	asAgent
	asUnsubscribed
	asSession
	asFlow
	asAction
	asFile
	kinds
)

// documented are the keys that Texter's API reference names, by the kind of their
// object. The reference tells the unit of each time.
var documented = [kinds][]key{
	asChat: {
		newKey("_id", asText, fieldID),
		newKey("channel", asText, fieldOlderChannel),
		newKey("title", asText, fieldTitle),
		newKey("displayName", asText, fieldDisplayName),
		newKey("personId", asText, fieldPersonID),
		newKey("image", asText, fieldImage),
		newKey("channelInfo", asChannel, fieldChannel),
		newKey("entityPhone", asText, fieldEntityPhone),
		newKey("clientPhone", asText, fieldClientPhone),
		newKey("clientPhoneE164", asText, fieldClientPhoneE164),
		newKey("agent", asAgent, fieldAgent),
		newKey("departmentId", asText, fieldDepartmentID),
		newKey("status", asInteger, fieldStatus),
		newKey("unreadCount", asInteger, fieldUnreadCount),
		newKey("labels", asLabels, fieldLabels),
		newKey("last_message_timestamp", asMilliseconds, fieldLastMessageAt),
		newKey("lastIncomingMessageTimestamp", asMilliseconds, fieldLastIncomingMessageAt),
		newKey("created", asISOTime, fieldCreatedAt),
		newKey("updatedAt", asISOTime, fieldUpdatedAt),
		newKey("pendingMessageTime", asSeconds, fieldPendingMessageAt),
		newKey("pendingUpdateTime", asSeconds, fieldPendingAt),
		newKey("resolvedUpdateTime", asSeconds, fieldResolvedAt),
		newKey("unsubscribed", asUnsubscribed, fieldUnsubscribed),
		newKey("botState", asSession, fieldBotState),
		newKey("previousBotSession", asSession, fieldPreviousBotSession),
		newKey("replyAction", asAction, fieldReplyAction),
		newKey("sendingBulkAgent", asText, fieldSendingBulkAgent),
		newKey("crmData", asJSON, fieldCRMData),
		newKey("crmDeepLink", asText, fieldCRMDeepLink),
		newKey("externalBot", asBoolean, fieldExternalBot),
	},
	asChannel: {
		newKey("name", asText, channelRawName),
		newKey("id", asText, channelID),
		newKey("accountId", asText, channelAccountID),
		newKey("metadata", asJSON, channelMetadata),
	},
	asAgent: {
		newKey("uid", asText, agentUID),
		newKey("displayName", asText, agentDisplayName),
	},
	asUnsubscribed: {
		newKey("date", asISOTime, unsubscribedDate),
	},
	asSession: {
		newKey("id", asText, sessionID),
		newKey("flowVersion", asFlow, sessionFlow),
		newKey("node", asText, sessionNode),
		newKey("userState", asJSON, sessionUserState),
	},
	asFlow: {
		newKey("identifier", asText, flowIdentifier),
		newKey("version", asInteger, flowVersion),
	},
	asAction: {
		newKey("created", asSeconds, actionCreatedAt),
		newKey("expirationTime", asInteger, actionExpirationTime),
		newKey("chatStatus", asInteger, actionChatStatus),
		newKey("setBotNode", asText, actionSetBotNode),
		newKey("bot", asText, actionBot),
		newKey("replyText", asText, actionReplyText),
		newKey("responsibleAgent", asJSON, actionResponsibleAgent),
		newKey("responsibleDepartment", asText, actionResponsibleDepartment),
		newKey("replyToTemplateFile", asFile, actionFile),
		newKey("resolveTime", asSeconds, actionResolveAt),
	},
	asFile: {
		newKey("url", asText, fileURL),
		newKey("name", asText, fileName),
	},
}

// fields is how many fields each kind of object takes, with the fields of the
// objects within it.
var fields = [kinds]field{
	asChat: chatFields, asChannel: channelFields, asAgent: agentFields, asUnsubscribed: unsubscribedFields,
	asSession: sessionFields, asFlow: flowFields, asAction: actionFields, asFile: fileFields,
}
