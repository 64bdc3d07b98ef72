// Package web holds the files that a browser gets: GraphiQL and the page that starts it. Its one rule: everything the
// page needs is in here, and nothing is loaded from another server.
//
// The files in dist are written by `npm ci && npm run build` and never committed, so a program compiled without Node
// works too, with Built answering false.
package web

import (
	"embed"
	"io/fs"
)

// The placeholder in dist starts with a dot, which only the all: prefix embeds.
//
//go:embed all:dist
var embedded embed.FS

// Dist returns the built files: index.html and what it loads.
func Dist() fs.FS {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // only an invalid path fails, and this one is a constant
	}
	return dist
}

// Built reports whether the page was there when the program was compiled.
func Built() bool {
	_, err := fs.Stat(Dist(), "index.html")
	return err == nil
}
