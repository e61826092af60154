// Command inbox is a Texter of its own: a sandbox whose chats outlive the service that
// asks it, and rest when they are told to. It reads one command a line: after "rest"
// nothing changes, after "move" chats change again. "message" and an id give one chat a
// message, and nothing else changes. It repeats each command on stdout when that holds.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"texter-graphql/texter/sandbox"
)

func main() {
	chats := flag.Int("chats", 0, "how many chats are made up")
	every := flag.Duration("every", 200*time.Millisecond, "mean time between two changes")
	seed := flag.Uint64("seed", 0, "chooses the changes")
	flag.Parse()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := sandbox.New(sandbox.Options{Chats: *chats})
	go func() { log.Fatal(http.Serve(listener, server)) }()
	fmt.Printf("REST: http://%s%s\n", listener.Addr(), sandbox.BasePath)

	rest := func() {}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); *seed++ {
		rest()
		rest = func() {}
		switch command, id, _ := strings.Cut(lines.Text(), " "); command {
		case "move":
			rest = move(server, sandbox.Traffic{Every: *every, Seed: *seed})
		case "message":
			server.Message(id)
		}
		fmt.Println(lines.Text())
	}
}

// move changes chats until the returned function is called, which waits for the last
// change.
func move(server *sandbox.Server, traffic sandbox.Traffic) (rest func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.Run(ctx, traffic)
	}()
	return func() {
		cancel()
		<-ended
	}
}
