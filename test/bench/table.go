package main

import (
	"fmt"
	"io"
	"time"
)

func printHead(w io.Writer) {
	fmt.Fprint(w, "| case | rows | fields | server | requests/s | p50 ms | p99 ms | CPU ms/request | peak memory MB | answer kB | searches/request |\n",
		"| --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
}

// printRows prints a row for each server. The number in brackets is the figure
// divided by the proxy's, if the proxy is measured too.
func printRows(w io.Writer, s scenario, results []result) {
	var proxy *result
	for i, r := range results {
		if r.name == "proxy" {
			proxy = &results[i]
		}
	}
	for _, r := range results {
		cell := func(format string, value func(result) float64) string {
			text := fmt.Sprintf(format, value(r))
			if proxy != nil && r.name != "proxy" {
				text += fmt.Sprintf(" (%.2f)", value(r)/value(*proxy))
			}
			return text
		}
		fmt.Fprintf(w, "| %s | %d | %s | %s | %s | %s | %s | %s | %s | %.1f | %.2f |\n", s.mode, s.rows, s.fields, r.name,
			cell("%.1f", func(r result) float64 { return r.median().rate }),
			cell("%.2f", func(r result) float64 { return milliseconds(r.median().p50) }),
			cell("%.2f", func(r result) float64 { return milliseconds(r.median().p99) }),
			cell("%.3f", func(r result) float64 { return milliseconds(r.median().cpu) }),
			cell("%.1f", func(r result) float64 { return float64(r.memory) / 1e6 }),
			float64(r.size)/1e3, r.median().searches)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
