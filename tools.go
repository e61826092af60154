//go:build generate || tools

package main

// The generator, kept in go.mod at the version that generated code is made with.
import _ "github.com/99designs/gqlgen"

//go:generate go run ./graph/fast/gen
