package app

import (
	"cmp"
	"runtime/debug"
)

// version and revision are set by the linker: see make build. If they are
// empty, readBuild uses what Go recorded about the source tree.
var version, revision string

// build is what this program was built from.
type build struct{ version, revision, goVersion string }

func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: "unknown Go version"}
	}
	b := build{cmp.Or(version, info.Main.Version, "(devel)"), cmp.Or(revision, "unknown revision"), info.GoVersion}
	for _, s := range info.Settings { // make build leaves out the settings of vcs
		switch {
		case s.Key == "vcs.revision":
			b.revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			b.revision += " with changes"
		}
	}
	return b
}
