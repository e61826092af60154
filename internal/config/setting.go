package config

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"texter-graphql/internal/rule"
	secretfile "texter-graphql/internal/secret"
)

// setting is a setting with a flag.
type setting struct {
	name  string // the name of the flag
	value string // the default, then the value in effect
	usage string // the kind of value is in backquotes: see flag.PrintDefaults
	// read checks the value and stores it. Its error is the rule, without the
	// value.
	read func(value string) error
}

// text reads any value.
func text(into *string) func(string) error {
	return func(value string) error {
		*into = value
		return nil
	}
}

func boolean(into *bool) func(string) error {
	return func(value string) (err error) {
		if *into, err = strconv.ParseBool(value); err != nil {
			return errors.New("must be true or false")
		}
		return nil
	}
}

// address reads an address to listen on.
func address(into *string) func(string) error {
	return func(value string) error {
		_, port, err := net.SplitHostPort(value)
		if _, badPort := strconv.ParseUint(port, 10, 16); err != nil || badPort != nil {
			return errors.New("must be host:port, with a port from 0 to 65535")
		}
		*into = value
		return nil
	}
}

// duration reads a duration above zero.
func duration(into *time.Duration) func(string) error {
	return func(value string) (err error) {
		if *into, err = time.ParseDuration(value); err != nil || *into <= 0 {
			return errors.New("must be a duration above zero, such as 10s")
		}
		return nil
	}
}

// delay reads a duration of zero or more.
func delay(into *time.Duration) func(string) error {
	return func(value string) (err error) {
		if *into, err = time.ParseDuration(value); err != nil || *into < 0 {
			return errors.New("must be a duration, such as 5s, or 0")
		}
		return nil
	}
}

// count reads a whole number from 1 to most.
func count(into *int, most int) func(string) error {
	return func(value string) (err error) {
		if *into, err = strconv.Atoi(value); err != nil || *into < 1 || *into > most {
			return fmt.Errorf("must be a whole number from 1 to %d", most)
		}
		return nil
	}
}

// secret is a setting without a flag. An environment variable has its value, or
// the path of a file with the value if the variable's name ends in _FILE.
type secret struct {
	name  string // the name of the variable, without _FILE
	usage string
	// read checks the value, which is not empty, and stores it. Its error is the
	// rule, without the value.
	read func(value string) error
}

// load reads the secret. It returns the path of the file, if there is one.
func (s secret) load(getenv func(string) string) (path string, err error) {
	name, value := s.name, getenv(s.name)
	if path = getenv(s.name + "_FILE"); path != "" {
		if value != "" {
			return "", rule.New(s.name+"_FILE", "must not be set together with "+s.name)
		}
		name = s.name + "_FILE"
		if value, err = secretfile.ReadFile(path); err != nil {
			return "", rule.New(name, err.Error())
		}
	}
	if value == "" {
		return "", nil
	}
	if err := s.read(value); err != nil {
		return "", rule.New(name, err.Error())
	}
	return path, nil
}
