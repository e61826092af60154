// Command proxy is Go's reverse proxy as it comes, but for as many idle
// connections to the upstream as the service keeps: the price to compare with.
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

// maxIdleConns is that of package texter.
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
