// Package proxies runs nginx and HAProxy, by the examples of deploy/, in front of two
// instances of the built service.
package proxies

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// site is a proxy with two instances behind it.
type site struct {
	addr      string // of the proxy, as host:port
	ports     []string
	instances []*harness.Process
	texter    string
	// chat is the id of the one chat.
	chat atomic.Pointer[string]
}

// proxies start a proxy by its example, whose addresses are replaced.
var proxies = map[string]func(t *testing.T, addresses *strings.Replacer){
	"nginx": func(t *testing.T, addresses *strings.Replacer) {
		folder := t.TempDir()
		write(t, filepath.Join(folder, "texter-graphql.conf"), example(t, "nginx.conf", addresses))
		var temporary strings.Builder
		for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
			temporary.WriteString(kind + "_temp_path " + filepath.Join(folder, kind) + ";\n")
		}
		write(t, filepath.Join(folder, "nginx.conf"), "daemon off;\nerror_log stderr;\npid "+filepath.Join(folder, "pid")+";\nevents {}\nhttp {\naccess_log off;\n"+
			temporary.String()+"include "+filepath.Join(folder, "texter-graphql.conf")+";\n}\n")
		run(t, "nginx", "-p", folder, "-c", filepath.Join(folder, "nginx.conf"), "-e", "stderr")
	},
	"HAProxy": func(t *testing.T, addresses *strings.Replacer) {
		path := filepath.Join(t.TempDir(), "haproxy.cfg")
		write(t, path, example(t, "haproxy.cfg", addresses))
		run(t, "haproxy", "-db", "-f", path)
	},
}

// example is a file of deploy/ with other addresses.
func example(t *testing.T, name string, addresses *strings.Replacer) string {
	t.Helper()
	content, err := os.ReadFile("../../deploy/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return addresses.Replace(string(content))
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a proxy, of Debian's package of this name, until the test ends.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil { // Debian has them where the PATH of users may not lead
		path = "/usr/sbin/" + name
	}
	process := exec.Command(path, args...)
	var said strings.Builder
	process.Stdout, process.Stderr = &said, &said
	if err := process.Start(); err != nil {
		t.Fatalf("%s is needed: %v", name, err)
	}
	t.Cleanup(func() {
		_ = process.Process.Signal(os.Interrupt)
		_ = process.Wait()
		if t.Failed() {
			t.Logf("%s says %s", name, &said)
		}
	})
}

// start starts two instances and a proxy in front of them.
func start(t *testing.T, proxy string) *site {
	t.Helper()
	s := &site{addr: "127.0.0.1:" + harness.FreePort(t), ports: []string{harness.FreePort(t), harness.FreePort(t)}}
	s.change("first")
	texter := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"_id":"`+*s.chat.Load()+`","last_message_timestamp":1}],"total":1}`)
	}))
	t.Cleanup(texter.Close)
	s.texter = texter.URL
	for n := range s.ports {
		s.instances = append(s.instances, s.instance(t, n))
	}
	proxies[proxy](t, strings.NewReplacer("127.0.0.1:8080", s.addr, "127.0.0.1:8081", "127.0.0.1:"+s.ports[0], "127.0.0.1:8082", "127.0.0.1:"+s.ports[1]))
	for { // a proxy does not say when it listens, and HAProxy not when it has asked /readyz
		if conn, err := net.Dial("tcp", s.addr); err == nil {
			_ = conn.Close()
			if status, _ := s.search(t, http.DefaultClient); status == 200 {
				return s
			}
		}
	}
}

// change gives the one chat another id.
func (s *site) change(id string) { s.chat.Store(&id) }

// instance starts an instance at its port.
func (s *site) instance(t *testing.T, n int) *harness.Process {
	t.Helper()
	return harness.Start(t, harness.Command{Env: []string{
		"ADDR=127.0.0.1:" + s.ports[n], "METRICS_ADDR=127.0.0.1:0", "TEXTER_URL=" + s.texter, "DRAIN_DELAY=3s", "LIVE_INTERVAL=500ms", "LOG_LEVEL=warn",
		"CORS_ORIGINS=https://app.example", // and no page of another host
	}})
}

const authorization = "Bearer token"

// search sends a search through the proxy. It returns the status and the body of the
// response.
func (s *site) search(t *testing.T, client *http.Client) (status int, body string) {
	t.Helper()
	res := s.post(t, client, `{"query":"{ searchChats { totalCount } }"}`, "application/json")
	if res == nil {
		return 0, "no response"
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(text)
}

// post sends a request through the proxy; nil if there is no response.
func (s *site) post(t *testing.T, client *http.Client, body, accept string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.addr+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Accept": accept, "Authorization": authorization} {
		r.Header.Set(name, value)
	}
	res, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return nil
	}
	return res
}
