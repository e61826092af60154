package sandbox

// business is the made-up business.
type business struct {
	lines       []line // weights add up to 100
	agents      []agent
	departments []string
	labels      []string // label ids
}

type agent struct {
	uid, name string
}

func newBusiness() business {
	return business{
		lines: []line{
			{"whatsapp", "97230000001", "+97230000001", 30},
			{"whatsapp", "97230000002", "+97230000002", 18},
			{"whatsapp", "442079460123", "+442079460123", 12},
			{"messenger", "100000000000101", "", 6},
			{"messenger", "100000000000102", "", 4},
			{"instagram", "17841400000000101", "", 6},
			{"instagram", "17841400000000102", "", 4},
			{"website_chat", "main-site", "", 6},
			{"website_chat", "shop", "", 4},
			{"email", "support@example.com", "", 5},
			{"email", "shop+orders@example.com", "", 3},
			{"sms", "97230000001", "+97230000001", 2},
		},
		agents: []agent{
			{"4d170fc7-5cd6-4496-98e4-f4f03a110001", "Tyler"},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110002", "נועם"},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110003", "Maya Gold"},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110004", "שרון ל."},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110005", "Sami"},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110006", "Katie O'Hara"},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110007", "אלון"},
			{"4d170fc7-5cd6-4496-98e4-f4f03a110008", "Rina"},
		},
		departments: []string{"customer_service", "sales", "billing", "logistics", "technical_support"},
		labels: []string{
			"VIP", "new_lead", "hot_lead", "refund", "complaint", "wholesale", "follow_up", "newsletter",
			"waiting for parts", "R&D+beta", "לקוח_חוזר", "no_show",
		},
	}
}

// talk is the words of bots and of the CRM.
type talk struct {
	bots, nodes, choices, replies []string
	plans, cities                 []string
}

func newTalk() talk {
	return talk{
		bots:    []string{"onboarding-bot", "orders-bot", "night-bot"},
		nodes:   []string{"start", "main_menu", "handoff", "collect_email", "goodbye"},
		choices: []string{"בירור הזמנה", "נציג אנושי", "Opening hours", "Something else"},
		replies: []string{"Thanks, we are on it", "תודה! נחזור אליך בהקדם"},
		plans:   []string{"basic", "plus", "premium"},
		cities:  []string{"תל אביב", "Haifa", "ירושלים", "London"},
	}
}
