package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
)

//go:embed static
var staticFiles embed.FS

// static is a file that never changes under its address: the address has its digest.
type static struct {
	path string
	kind string
	data []byte
}

// statics are the files by name. A style names others as url(NAME), which becomes their address.
var statics = func() map[string]static {
	all := map[string]static{}
	for _, styles := range []bool{false, true} {
		files, err := fs.Glob(staticFiles, "static/*")
		if err != nil {
			panic(err) // a pattern of ours
		}
		for _, f := range files {
			if (path.Ext(f) == ".css") != styles {
				continue
			}
			data, err := staticFiles.ReadFile(f)
			if err != nil {
				panic(err) // embedded
			}
			if styles {
				data = named.ReplaceAllFunc(data, func(url []byte) []byte {
					return []byte("url(" + all[string(url[4:len(url)-1])].path + ")")
				})
			}
			sum := sha256.Sum256(data)
			all[path.Base(f)] = static{"/static/" + hex.EncodeToString(sum[:8]) + "/" + path.Base(f), kinds[path.Ext(f)], data}
		}
	}
	return all
}()

var named = regexp.MustCompile(`url\([a-z0-9.-]+\)`)

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}

// staticPath is the address of a static file.
func staticPath(name string) string { return statics[name].path }

func serveStatic(w http.ResponseWriter, r *http.Request) {
	s, ok := statics[r.PathValue("name")]
	if !ok || s.path != r.URL.Path {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", s.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(s.data) // whoever asked is gone
}
