// Command proxy is Go's reverse proxy. It keeps as many idle connections to the
// upstream as the service does. All other servers are compared with it.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// maxIdleConns is the same as in package upstream.
const maxIdleConns = 100

func main() {
	target := flag.String("upstream", "", "`URL` to pass requests to")
	flag.Parse()
	upstream, err := url.Parse(*target)
	if err != nil {
		log.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = maxIdleConns, maxIdleConns
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("REST: http://%s/\n", listener.Addr())
	log.Fatal(http.Serve(listener, &httputil.ReverseProxy{
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
	}))
}
