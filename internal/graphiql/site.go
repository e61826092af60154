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

// The values of Cache-Control. Names in assets/ hold a hash of the content, so
// those files never change: a browser need not ask again for a year. Of anything
// else it asks each time whether it has changed.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheChecked = "no-cache"
)

// contentTypes are those of the built files by extension. Package mime would
// ask the machine's own tables, which differ.
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

// file is one URL's answer.
type file struct {
	contentType  string
	cacheControl string
	variants     []variant // the smallest first; the last is the file itself
}

// variant is one coding of a file.
type variant struct {
	coding string // as in Content-Encoding
	name   string // in the site's fsys
	size   int64  // bytes
	etag   string // "" for files that never change
}

// newSite finds the files. Names that begin with a dot are left out.
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

func urlPath(name string) string {
	if name == indexName {
		return "/"
	}
	return "/" + name
}

// newFile finds the codings of a file: not each was worth keeping.
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

// newVariant measures a file and, if asked to, hashes it for its ETag.
func newVariant(fsys fs.FS, name string, tagged bool) (variant, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return variant{}, err
	}
	v := variant{name: name, size: info.Size()}
	if tagged {
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return variant{}, err
		}
		v.etag = fmt.Sprintf(`"%x"`, sha256.Sum256(content))
	}
	return v, nil
}
