// Command bench measures what GraphQL costs beside a reverse proxy that passes
// the same REST bytes, and beside other GraphQL servers: see README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	debug.SetGCPercent(400) // GOGC of the environment is for the service
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o, os.Stdout)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options say what is measured, and for how long.
type options struct {
	only, fields, modes []string
	rows                []int
	starts, rounds      int
	round               time.Duration
	connections         int
	facade              []string // flags of the service
	variant             []string // another build of the service, and its flags; may be empty
	profiles            string   // a directory; "" for no profiles
}

func parse(args []string) (o options, err error) {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := fs.String("only", "proxy,facade,unobserved,observed,plain,mercurius", "`servers` to measure")
	rows := fs.String("rows", "30,1000,10000", "page `sizes`")
	fields := fs.String("fields", "all,five", "`selections`")
	modes := fs.String("cases", "cold,coalesced,cached", "`cases`")
	facade := fs.String("facade", "", "more `flags` for the service, divided by spaces")
	variant := fs.String("variant", "", "`command`, with flags, of another build of the service, to measure as well")
	quick := fs.Bool("quick", false, "30 rows, all fields and 8 rounds of half a second")
	fs.IntVar(&o.starts, "starts", 1, "how often each server is started; no two starts of one build are equally fast")
	fs.IntVar(&o.rounds, "rounds", 10, "rounds of a start that count; one more comes first, to warm up")
	fs.DurationVar(&o.round, "round", time.Second, "how long a round lasts")
	fs.IntVar(&o.connections, "connections", 32, "connections, each with one request at a time; an eighth of them at 10000 rows")
	fs.StringVar(&o.profiles, "profile", "", "`directory` to write CPU and allocation profiles of the service to")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if *quick {
		shorten(fs)
	}
	o.only, o.fields, o.modes, o.facade = list(*only), list(*fields), list(*modes), strings.Fields(*facade)
	if o.variant = strings.Fields(*variant); len(o.variant) > 0 {
		o.only = append(o.only, "variant")
	}
	for _, word := range list(*rows) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 10000 {
			return o, errors.New("-rows must be numbers from 1 to 10000")
		}
		o.rows = append(o.rows, n)
	}
	if o.starts < 1 || o.rounds < 1 || o.connections < 1 {
		return o, errors.New("-starts, -rounds and -connections must be above zero")
	}
	return o, errors.Join(
		known("-only", o.only, "proxy", "facade", "unobserved", "observed", "plain", "mercurius", "variant"),
		known("-fields", o.fields, "all", "typed", "five", "ids", "named"),
		known("-cases", o.modes, cold, coalesced, cached))
}

// shorten sets the flags that were not given to those of a quick run.
func shorten(fs *flag.FlagSet) {
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{"rows": "30", "fields": "all", "rounds": "8", "round": "500ms"} {
		if !given[name] {
			_ = fs.Set(name, value) // the values are valid
		}
	}
}

func list(words string) []string {
	return strings.FieldsFunc(words, func(c rune) bool { return c == ',' || c == ' ' })
}

func known(name string, words []string, all ...string) error {
	for _, word := range words {
		if !slices.Contains(all, word) {
			return fmt.Errorf("%s knows %s", name, strings.Join(all, ", "))
		}
	}
	return nil
}

// run measures all cases and prints a table of them.
func run(ctx context.Context, o options, w io.Writer) error {
	l, err := newLab(ctx, o)
	if err != nil {
		return err
	}
	defer l.close()
	printHead(w)
	for _, mode := range o.modes {
		for _, rows := range o.rows {
			for _, fields := range o.fields {
				c := scenario{mode: mode, rows: rows, fields: fields}
				results, err := l.measure(ctx, c)
				if err != nil {
					return fmt.Errorf("%v: %w", c, err)
				}
				printRows(w, c, results)
			}
		}
	}
	return nil
}
