package sandbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"texter-graphql/texter/sandbox"
)

func repeat(pair string, n int) string {
	return strings.TrimSuffix(strings.Repeat(pair+"&", n), "&")
}

func labels(n int) string {
	v := url.Values{}
	for i := range n {
		v.Add("labels[]", "label"+number(i))
	}
	return v.Encode()
}

func TestBadParametersAreRefused(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	for _, query := range []string{
		"first=10", "Limit=10", "labels=VIP", "statuses=BOT", "channel=whatsapp", "=", "token=t",
		"limit=", "limit=0", "limit=000", "limit=10001", "limit=-1", "limit=%2B5", "limit=1e3", "limit=5.0", "limit=%205",
		"limit=99999999999999999999", "limit=5&limit=5", "limit=%D9%A3",
		"skip=", "skip=-1", "skip=x", "skip=1&skip=2",
		"search=", "search=a", "search=%D7%93", "search=%F0%9F%8C%B8", "search=ab&search=cd", "search=%ff%fe",
		"statuses[]=TAKEN", "statuses[]=SOLVED", "statuses[]=bot", "statuses[]=0", "statuses[]=",
		repeat("statuses[]=BOT", 6), "statuses[]=BOT,PENDING",
		"labels[]=", labels(101),
		"channel[name]=whatsapp", "channel[accountId]=1", "channel[name]=&channel[accountId]=",
		"channel[name]=whatsapp&channel[accountId]=", "channel[name]=&channel[accountId]=1",
		"channel[name]=sms&channel[accountId]=1", "channel[name]=telegram&channel[accountId]=1",
		"channel[name]=WhatsApp&channel[accountId]=1",
		"channel[name]=email&channel[name]=email&channel[accountId]=1",
		"showNoMessages=", "showNoMessages=yes", "showNoMessages=TRUE", "showNoMessages=1&showNoMessages=1",
		"search=%zz", "search=ab;limit=3",
	} {
		t.Run(fmt.Sprintf("%.60s", query), func(t *testing.T) {
			a := u.get(query)
			if a.status != http.StatusBadRequest || a.Error == "" || a.Data != nil {
				t.Errorf("got %d %s, want 400 and a reason", a.status, a.body)
			}
		})
	}
}

func TestParametersAtTheirBoundsAreAccepted(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	for _, query := range []string{
		"", "limit=1", "limit=10000", "limit=0030", "skip=0", "skip=99999999999999999999",
		"search=ab", "search=%D7%93%D7%A0", "search=%20%20", "search=%28%29",
		"labels%5B%5D=VIP", labels(100), repeat("labels[]=VIP", 150),
		"statuses[]=BOT&statuses[]=PENDING&statuses[]=ASSIGNED&statuses[]=RESOLVED&statuses[]=BULK",
		"channel[name]=website_chat&channel[accountId]=x", "channel[name]=messenger&channel[accountId]=x",
		"channel[name]=instagram&channel[accountId]=x", "channel[name]=email&channel[accountId]=x",
		"showNoMessages=1", "showNoMessages=true", "showNoMessages=0", "showNoMessages=false",
	} {
		t.Run(fmt.Sprintf("%.60s", query), func(t *testing.T) {
			if a := u.get(query); a.status != http.StatusOK || a.Data == nil {
				t.Errorf("got %d %s, want 200 and rows", a.status, a.body)
			}
		})
	}
}

func TestThereIsOneRoute(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	for _, path := range []string{
		"/", "/chats/search", sandbox.BasePath, sandbox.BasePath + "/chats", searchPath + "/", sandbox.BasePath + "/label",
	} {
		t.Run("GET "+path, func(t *testing.T) {
			if a := u.send("GET", path, "Bearer t"); a.status != http.StatusNotFound {
				t.Errorf("got %d, want 404", a.status)
			}
		})
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"} {
		t.Run(method, func(t *testing.T) {
			a := u.send(method, searchPath, "Bearer t")
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "GET" {
				t.Errorf("got %d, Allow %q, want 405, GET", a.status, a.header.Get("Allow"))
			}
		})
	}
}

func TestTokensHaveTheirAccess(t *testing.T) {
	listed := start(t, sandbox.Options{Chats: 5, Tokens: map[string]sandbox.Access{
		"full": sandbox.ListAllChats, "other": sandbox.NoScope, "": sandbox.ListAllChats,
	}})
	open := start(t, sandbox.Options{Chats: 5})
	shut := start(t, sandbox.Options{Chats: 5, Tokens: map[string]sandbox.Access{}})
	for _, c := range []struct {
		u             upstream
		authorization string
		want          int
	}{
		{listed, "Bearer full", 200}, {listed, "Bearer other", 403}, {listed, "Bearer secret", 401},
		{listed, "", 401}, {listed, "full", 401}, {listed, "Bearer", 401}, {listed, "Bearer ", 401},
		{listed, "Basic full", 401}, {listed, "Bearerfull", 401}, {listed, "Bearer  full", 401},
		{listed, "Bearer full full", 401}, {listed, "Bearer FULL", 401},
		{open, "Bearer anything", 200}, {open, "", 401}, {open, "Bearer ", 401}, {open, "Token x", 401}, {open, "Bearer a b", 401},
		{shut, "Bearer full", 401},
	} {
		t.Run(fmt.Sprintf("%q: %d", c.authorization, c.want), func(t *testing.T) {
			a := c.u.send("GET", searchPath+"?limit=1", c.authorization)
			if a.status != c.want {
				t.Errorf("got %d, want %d", a.status, c.want)
			}
			if challenged := a.header.Get("WWW-Authenticate") == "Bearer"; challenged != (c.want == 401) {
				t.Errorf("WWW-Authenticate %q with %d", a.header.Get("WWW-Authenticate"), c.want)
			}
			if strings.Contains(a.body, "secret") || c.want != 200 && (a.Error == "" || a.Data != nil) {
				t.Errorf("body %s", a.body)
			}
		})
	}
}

func TestATokenSentTwiceIsRefused(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	req, err := http.NewRequest("GET", u.url+searchPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header["Authorization"] = []string{"Bearer t", "Bearer t"}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d, want 401", res.StatusCode)
	}
}

// TestTheTokenIsCheckedBeforeTheParameters: a caller without access learns nothing
// about parameters.
func TestTheTokenIsCheckedBeforeTheParameters(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5})
	if a := u.send("GET", searchPath+"?nonsense=1", ""); a.status != http.StatusUnauthorized {
		t.Errorf("got %d, want 401", a.status)
	}
}

// TestLabels: GET /labels takes any valid token, wants a limit, and pages; one
// label is answered bare.
func TestLabels(t *testing.T) {
	u := start(t, sandbox.Options{Chats: 5, Tokens: map[string]sandbox.Access{"t": sandbox.NoScope}})
	labels := sandbox.BasePath + "/labels"
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		labels + "?limit=1":         {200, `{"total":13,"labels":[{"id":"VIP","name":"VIP","color":"#D4AF37"}]}`},
		labels + "?limit=1&skip=12": {200, `{"total":13,"labels":[{"id":"unsubscribed","name":"Unsubscribed","color":"#555555","system":true}]}`},
		labels + "?limit=1&skip=99": {200, `{"total":13,"labels":[]}`},
		labels + "/VIP":             {200, `{"id":"VIP","name":"VIP","color":"#D4AF37"}`},
		labels + "/gone":            {404, ""},
		labels:                      {400, ""},
		labels + "?limit=0":         {400, ""},
		labels + "?limit=10001":     {400, ""},
		labels + "?limit=1&skip=-1": {400, ""},
		labels + "?limit=1&x=1":     {400, ""},
	} {
		t.Run(path, func(t *testing.T) {
			a := u.send("GET", path, "Bearer t")
			if a.status != want.status || want.body != "" && a.body != want.body {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, want.status, want.body)
			}
		})
	}
	t.Run("an unknown token", func(t *testing.T) {
		if a := u.send("GET", labels+"?limit=1", "Bearer x"); a.status != 401 {
			t.Errorf("got %d", a.status)
		}
	})
}
