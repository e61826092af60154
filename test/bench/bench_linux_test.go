package main

import (
	"bytes"
	"regexp"
	"testing"
	"time"
)

// TestTable: the bench prints a row for each server and case.
func TestTable(t *testing.T) {
	o := options{
		only: []string{"proxy", "facade", "plain"}, fields: []string{"all", "typed", "five", "ids", "named"}, modes: []string{cold, coalesced, cached},
		rows: []int{7}, starts: 2, rounds: 1, round: 20 * time.Millisecond, connections: 4,
	}
	var table bytes.Buffer
	if err := run(t.Context(), o, &table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`\| cold \| 7 \| all \| proxy \| \d+\.\d \| \d+\.\d\d \|`,
		`\| cold \| 7 \| typed \| facade \| \d+\.\d \(\d+\.\d\d\) \|.*\| 1\.00 \|`,
		`\| cold \| 7 \| five \| plain \| \d+\.\d \(\d+\.\d\d\) \|.*\| 1\.00 \|`,
		`\| cold \| 7 \| ids \| facade \| \d+\.\d \(\d+\.\d\d\) \|.*\| 1\.00 \|`,
		`\| cold \| 7 \| named \| facade \| \d+\.\d \(\d+\.\d\d\) \|.*\| 1\.00 \|`,
		`\| coalesced \| 7 \| all \| facade \|`,
		`\| cached \| 7 \| all \| facade \|.*\| 0\.00 \|`,
	} {
		if !regexp.MustCompile(want).MatchString(table.String()) {
			t.Errorf("no row is like %s:\n%s", want, &table)
		}
	}
}
