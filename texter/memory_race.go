//go:build race

package texter

// overwrite has memory that is given back be overwritten, so that tests, which
// run under the race detector, see who still reads it.
const overwrite = true
