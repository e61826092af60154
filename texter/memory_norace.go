//go:build !race

package texter

const overwrite = false
