package app

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestPassThrough: without a token of its own, the service uses that of each
// caller.
func TestPassThrough(t *testing.T) {
	url, headers := startTexter(t)
	s := start(t, nil, "-texter-url", url)
	if strings.Contains(s.banner, "andbox") {
		t.Errorf("the banner is %s", s.banner)
	}
	for _, credentials := range []string{"X-None: 1", "Authorization: Basic caller", "Cookie: token=caller", "Authorization: Bearer "} {
		t.Run("no bearer token is in "+credentials, func(t *testing.T) {
			res, body := s.search(t, credentials)
			if res.StatusCode != 401 || res.Header.Get("WWW-Authenticate") != `Bearer realm="texter-graphql"` || !strings.Contains(body, `"code":"UNAUTHENTICATED"`) {
				t.Errorf("%d, %v, %s", res.StatusCode, res.Header, body)
			}
			if len(*headers) != 0 {
				t.Errorf("Texter got %v", *headers)
			}
		})
	}
	t.Run("Texter gets the token, and nothing else of the caller", func(t *testing.T) {
		res, body := s.search(t, "Authorization: Bearer caller", "Cookie: a=b", "X-Forwarded-For: 10.0.0.1", "X-Request-Id: mine", "Accept-Language: he", "User-Agent: theirs")
		if res.StatusCode != 200 || !strings.HasPrefix(body, oneChatCounted) {
			t.Errorf("%d: %s", res.StatusCode, body)
		}
		assertHeaders(t, *headers, "Bearer caller")
	})
}

// TestServiceMode: with a token of its own, the service uses that for every
// caller.
func TestServiceMode(t *testing.T) {
	url, headers := startTexter(t)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url)
	t.Run("Texter gets the service's token, and nothing of the caller", func(t *testing.T) {
		if res, body := s.search(t, "Authorization: Bearer caller", "Cookie: a=b"); res.StatusCode != 200 || strings.Contains(body, "errors") {
			t.Errorf("%d: %s", res.StatusCode, body)
		}
		assertHeaders(t, *headers, "Bearer service")
	})
	t.Run("the banner does not have the token", func(t *testing.T) {
		if strings.Contains(s.banner, "service") {
			t.Errorf("it is %s", s.banner)
		}
	})
}

// TestDNSRebinding asks a service for this machine only by the name of another
// site.
func TestDNSRebinding(t *testing.T) {
	url, headers := startTexter(t)
	s := start(t, environment{"TEXTER_API_TOKEN": "service"}, "-texter-url", url)
	for _, path := range []string{"/graphql", "/"} {
		t.Run(path+" is refused", func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader(`{"query":"{ searchChats { totalCount } }"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Host = "evil.example" + s.url[strings.LastIndex(s.url, ":"):]
			r.Header.Set("Content-Type", "application/json")
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if _ = res.Body.Close(); res.StatusCode != 421 || len(*headers) != 0 {
				t.Errorf("it is %d, Texter got %v", res.StatusCode, *headers)
			}
		})
	}
}

func TestCORS(t *testing.T) {
	url, headers := startTexter(t)
	service := environment{"TEXTER_API_TOKEN": "service"}
	const page = "https://page.example"
	for name, test := range map[string]struct {
		env     environment
		args    []string
		allowed string
	}{
		"any page may call a sandbox":                          {nil, nil, "*"},
		"any page may call a service without a token":          {nil, []string{"-texter-url", url}, "*"},
		"no page may call a service with a token":              {service, []string{"-texter-url", url}, ""},
		"a page of a listed origin may call one with a token":  {service, []string{"-texter-url", url, "-cors-origins", page}, page},
		"a page of another origin may not call one with token": {service, []string{"-texter-url", url, "-cors-origins", "https://other.example"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			res, _ := start(t, test.env, test.args...).send(t, http.MethodOptions, "/graphql", "", "Origin: "+page,
				"Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type")
			allowed := res.Header.Get("Access-Control-Allow-Origin")
			if allowed != test.allowed || (allowed != "") != (res.Header.Get("Access-Control-Allow-Headers") == "authorization,content-type") {
				t.Errorf("%d, %v", res.StatusCode, res.Header)
			}
			if res.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Error("cookies are allowed")
			}
			if len(*headers) != 0 {
				t.Errorf("Texter got %v", *headers)
			}
		})
	}
}

func TestAHugeTokenIsRefusedBeforeItIsReadToItsEnd(t *testing.T) {
	url, headers := startTexter(t)
	s := start(t, nil, "-texter-url", url)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	go func() {
		_, _ = connection.Write([]byte("POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + strings.Repeat("A", 1<<20)))
	}()
	answer, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil || !strings.Contains(answer, " 431 ") || len(*headers) > 0 {
		t.Errorf("got %s, %v", answer, err)
	}
}
