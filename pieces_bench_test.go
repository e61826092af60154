package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
)

// BenchmarkInOnePiece sends answers over one connection. CPU-ns/op is what the
// kernel counts for both ends of it.
func BenchmarkInOnePiece(b *testing.B) {
	for _, size := range []int{2000, 4300, 10_000, 20_000, 32_000, 99_000} {
		for _, joined := range []bool{false, true} {
			b.Run(strconv.Itoa(size)+"/"+strconv.FormatBool(joined), func(b *testing.B) { benchmarkSending(b, size, joined) })
		}
	}
}

func benchmarkSending(b *testing.B, size int, joined bool) {
	body := bytes.Repeat([]byte("x"), size)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := listener.Addr().String()
	if joined {
		listener = inOnePiece{listener}
	}
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(size))
		_, _ = w.Write(body)
	}))
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	reader := bufio.NewReaderSize(conn, 128<<10)
	began := processorTime()
	for b.Loop() {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		for line := []byte(nil); len(line) != 2; {
			if line, err = reader.ReadSlice('\n'); err != nil {
				b.Fatal(err)
			}
		}
		_, _ = reader.Discard(size)
	}
	b.ReportMetric(float64(processorTime()-began)/float64(b.N), "CPU-ns/op")
}
