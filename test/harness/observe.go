package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of /proc/PID/stat: USER_HZ is 100 wherever Go runs
// (proc(5)).
const clockTick = 10 * time.Millisecond

// CPUTime returns the time that all threads of the process had so far, in user
// and kernel mode, in steps of 10 ms. It errors where there is no /proc of
// Linux: proc(5), /proc/PID/stat, utime and stime.
func (p *Process) CPUTime() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, afterName, _ := strings.Cut(string(stat), ") ") // the third field is the first after it
	fields := strings.Fields(afterName)
	user, err := strconv.Atoi(fields[14-3])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[15-3])
	return time.Duration(user+system) * clockTick, err
}

// Memory returns the resident memory of the process in bytes: what it is now,
// and what it was at most. It errors where there is no /proc of Linux: proc(5),
// /proc/PID/status, VmRSS and VmHWM.
func (p *Process) Memory() (now, peak int64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.process.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	now, errNow := kilobytes(string(status), "VmRSS:")
	peak, errPeak := kilobytes(string(status), "VmHWM:")
	return now << 10, peak << 10, errors.Join(errNow, errPeak)
}

func kilobytes(status, name string) (int64, error) {
	_, value, _ := strings.Cut(status, name)
	number, _, found := strings.Cut(value, " kB")
	if !found {
		return 0, errors.New("/proc has no " + name)
	}
	return strconv.ParseInt(strings.TrimSpace(number), 10, 64)
}

// Metrics returns what Prometheus would get. It errors without an address for
// the metrics in the banner.
func (p *Process) Metrics(ctx context.Context) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL("Metrics"), http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || len(text) == 0) {
		err = fmt.Errorf("the metrics are %s", res.Status)
	}
	return string(text), err
}

// Goroutines returns how many goroutines the process has, by its metrics.
func (p *Process) Goroutines(ctx context.Context) (int, error) {
	text, err := p.Metrics(ctx)
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(text, "\ngo_goroutines ")
	number, _, _ := strings.Cut(rest, "\n")
	return strconv.Atoi(number)
}
