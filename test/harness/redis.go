package harness

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Redis is a redis-server for one test, which listens on a port of loopback and keeps
// nothing on disk. It needs Debian's package redis-server.
type Redis struct {
	Addr string

	t       testing.TB
	args    []string
	process *exec.Cmd
}

// FreePort returns a TCP port of loopback that nobody listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// StartRedis starts a redis-server with these flags besides, and kills it when the
// test ends.
func StartRedis(t testing.TB, args ...string) *Redis {
	t.Helper()
	port := FreePort(t)
	return startRedis(t, port, append([]string{"--port", port, "--save", "", "--appendonly", "no"}, args...)...)
}

// StartRedisTLS starts a redis-server that only speaks TLS, with its own certificate
// and key, and asks clients for certificates of the authority. All are files in PEM.
func StartRedisTLS(t testing.TB, authority, certificate, key string) *Redis {
	t.Helper()
	port := FreePort(t)
	return startRedis(t, port, "--port", "0", "--tls-port", port, "--save", "", "--appendonly", "no",
		"--tls-ca-cert-file", authority, "--tls-cert-file", certificate, "--tls-key-file", key)
}

// StartSentinel starts a Sentinel that watches a master under a name. It lets a
// replica take over when the master does not answer for half a second.
func StartSentinel(t testing.TB, name string, master *Redis, lines ...string) *Redis {
	t.Helper()
	port := FreePort(t)
	host, masterPort, _ := strings.Cut(master.Addr, ":")
	config := append([]string{
		"port " + port,
		fmt.Sprintf("sentinel monitor %s %s %s 1", name, host, masterPort),
		fmt.Sprintf("sentinel down-after-milliseconds %s 500", name),
		fmt.Sprintf("sentinel failover-timeout %s 3000", name),
	}, lines...)
	path := filepath.Join(t.TempDir(), "sentinel.conf") // which Sentinel writes to
	if err := os.WriteFile(path, []byte(strings.Join(config, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return startRedis(t, port, path, "--sentinel")
}

func startRedis(t testing.TB, port string, args ...string) *Redis {
	t.Helper()
	r := &Redis{Addr: "127.0.0.1:" + port, t: t, args: append(args, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--logfile", "")}
	r.Start()
	t.Cleanup(r.Kill)
	return r
}

// Start starts the server again after Kill. It returns when the server listens.
func (r *Redis) Start() {
	r.t.Helper()
	r.process = exec.Command("redis-server", r.args...)
	output, err := r.process.StdoutPipe()
	if err == nil {
		err = r.process.Start()
	}
	if err != nil {
		r.t.Fatalf("redis-server is needed: %v", err)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(output); ; {
		if !lines.Scan() {
			r.t.Fatalf("redis-server does not start: %v\n%s", r.process.Wait(), &said)
		}
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "eady to accept connections") || strings.Contains(lines.Text(), "Sentinel ID is") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, output) }() // until the server ends
}

// Kill ends the server at once.
func (r *Redis) Kill() {
	_ = r.process.Process.Kill()
	_ = r.process.Wait()
}

// Signal sends a signal to the server, such as SIGSTOP to have it answer nothing.
func (r *Redis) Signal(s syscall.Signal) { _ = r.process.Process.Signal(s) }

// StartRedisCluster starts a cluster of three masters, each with these flags besides,
// and returns when all slots are served.
func StartRedisCluster(t testing.TB, args ...string) []*Redis {
	t.Helper()
	var nodes []*Redis
	create := []string{"--cluster-yes", "--cluster", "create"}
	for range 3 {
		node := StartRedis(t, append([]string{
			"--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", FreePort(t),
		}, args...)...)
		nodes, create = append(nodes, node), append(create, node.Addr)
	}
	if said, err := exec.Command("redis-cli", create...).CombinedOutput(); err != nil {
		t.Fatalf("redis-cli --cluster create: %v\n%s", err, said)
	}
	for _, node := range nodes { // which learn of each other one after another
		node.await("cluster_state:ok", "cluster", "info")
	}
	return nodes
}

// AwaitReplica returns when a Sentinel knows a replica of the master.
func (r *Redis) AwaitReplica(name string) {
	r.t.Helper()
	r.await("master-link-status\nok", "sentinel", "replicas", name)
}

// AwaitSubscribers returns when this many clients have subscribed.
func (r *Redis) AwaitSubscribers(count int) {
	r.t.Helper()
	for strings.Count(r.Do("client", "list", "type", "pubsub"), "sub=1") < count {
	}
}

// await returns when a text stands in the answer to a command.
func (r *Redis) await(text string, command ...string) {
	r.t.Helper()
	for !strings.Contains(strings.ReplaceAll(r.Do(command...), "\r", ""), text) {
	}
}

// Do returns the server's answer to a command, by redis-cli, whose flags may stand
// before the command.
func (r *Redis) Do(command ...string) string {
	r.t.Helper()
	_, port, _ := strings.Cut(r.Addr, ":")
	said, err := exec.CommandContext(r.t.Context(), "redis-cli", append([]string{"-p", port, "--no-auth-warning"}, command...)...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("%v: %s", err, said)
	}
	return string(said)
}
