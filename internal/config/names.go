package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"texter-graphql/internal/rule"
)

// prefix begins the names of variables that are for this program alone.
const prefix = "TEXTER_"

// serviceLinks are the variables that Kubernetes makes for each service of a
// namespace, which may be called texter-something, and Docker for linked containers:
// Kubernetes' documentation, "Service", "Environment variables".
var serviceLinks = regexp.MustCompile(`^TEXTER_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// CheckNames checks the names of the environment variables of a process, each as
// NAME=value. It errors if one begins with TEXTER_ and is no setting: a misspelled
// setting would have no effect otherwise. Variables without a value are not set, and
// those of Kubernetes' services are not for this program.
func CheckNames(environ []string) error {
	known := new(Config).variables()
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(strings.ToUpper(name), prefix) && value != "" && !slices.Contains(known, name) && !serviceLinks.MatchString(name) {
			return rule.New(name, fmt.Sprintf("is not a setting of this program: did you mean %s?", nearest(name, known)))
		}
	}
	return nil
}

// variables returns the names of the environment variables of all settings.
func (c *Config) variables() (names []string) {
	for _, s := range c.settings() {
		names = append(names, variable(s.name))
	}
	for _, s := range c.secrets() {
		names = append(names, s.name, s.name+"_FILE")
	}
	return names
}

// nearest returns the name that takes the fewest changes to a misspelled one.
func nearest(misspelled string, names []string) string {
	misspelled = strings.ToUpper(misspelled)
	return slices.MinFunc(names, func(a, b string) int {
		return levenshtein.ComputeDistance(misspelled, a) - levenshtein.ComputeDistance(misspelled, b)
	})
}
