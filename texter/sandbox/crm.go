package sandbox

// setCRM sets the fields that the systems of the business fill in.
func (m *maker) setCRM(c *Chat, t times) {
	lead := 100000 + m.r.IntN(900000)
	c.CRMData = encode(m.crm(lead))
	if m.chance(35) {
		c.CRMDeepLink = "https://crm.example.com/leads/" + string(encode(lead))
	}
	switch n := m.r.IntN(100); {
	case n < 2:
		c.Unsubscribed = encode(map[string]string{"date": iso(t.updated)})
	case n < 30:
		c.Unsubscribed = null()
	}
}

func (m *maker) crm(lead int) map[string]any {
	switch n := m.r.IntN(100); {
	case n < 40:
		return map[string]any{}
	case n < 60:
		return map[string]any{"aiTerminateReason": "Inactivity"}
	case n < 85:
		return map[string]any{"leadId": lead, "plan": pick(m, m.plans)}
	}
	return map[string]any{
		"leadId":  lead,
		"address": map[string]any{"city": pick(m, m.cities), "zip": nil},
		"orders":  []int{lead % 97, lead % 89},
	}
}
