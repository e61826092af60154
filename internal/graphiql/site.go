package graphiql

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// indexName is the file that is served at "/".
const indexName = "index.html"

// The values of Cache-Control. The names of files in assets/ contain a hash of the
// content, so a file of one name never changes, and a browser uses it for a year. A
// browser asks each time whether another file has changed.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheChecked = "no-cache"
)

// contentTypes are the media types of the built files, by extension. Package mime
// would use tables that differ from machine to machine.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".ttf":   "font/ttf",
	".txt":   "text/plain; charset=utf-8",
	".woff":  "font/woff",
	".woff2": "font/woff2",
}

// site is a set of files that does not change. It implements http.Handler.
type site struct {
	fsys  fs.FS
	files map[string]file // by URL path
}

// file is the file of one URL path.
type file struct {
	contentType  string
	cacheControl string
	variants     []variant // in the order of codings; the last is the file itself
}

// variant is a file in one coding.
type variant struct {
	coding string // as in Content-Encoding
	name   string // in the site's fsys
	size   int64  // in bytes
	etag   string // "" for a file that never changes
}

// newSite finds the files of a site. It ignores files whose names begin with a dot.
func newSite(fsys fs.FS) (*site, error) {
	s := &site{fsys: fsys, files: map[string]file{}}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || isCompressed(name) {
			return err
		}
		f, err := newFile(fsys, name)
		s.files[urlPath(name)] = f
		return err
	})
	return s, err
}

// urlPath returns the URL path of a file.
func urlPath(name string) string {
	if name == indexName {
		return "/"
	}
	return "/" + name
}

// newFile finds the variants of a file. A file that compression would hardly make
// smaller has only one.
func newFile(fsys fs.FS, name string) (file, error) {
	f := file{contentType: contentTypes[path.Ext(name)], cacheControl: cacheChecked}
	if f.contentType == "" {
		f.contentType = "application/octet-stream"
	}
	forever := strings.HasPrefix(name, "assets/")
	if forever {
		f.cacheControl = cacheForever
	}
	for _, c := range codings {
		v, err := newVariant(fsys, name+c.suffix, !forever)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return f, err
		}
		v.coding = c.name
		f.variants = append(f.variants, v)
	}
	return f, nil
}

// newVariant finds the size of a file and, if it needs an ETag, hashes it.
func newVariant(fsys fs.FS, name string, needsETag bool) (variant, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return variant{}, err
	}
	v := variant{name: name, size: info.Size()}
	if needsETag {
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return variant{}, err
		}
		v.etag = fmt.Sprintf(`"%x"`, sha256.Sum256(content))
	}
	return v, nil
}
