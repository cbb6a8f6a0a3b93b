package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"banlang/shared/fault"
	"banlang/syncserver/export"
	"banlang/syncserver/export/xlsx"
)

// stallTime is how long a file may stand still on its way to the browser before it is given up. How long it takes in all is
// nobody's business: links are slow.
const stallTime = time.Minute

// mediaTypes are those of the files, by how their names end.
var mediaTypes = map[string]string{
	"csv":     "text/csv; charset=utf-8",
	"xlsx":    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"docx":    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"pdf":     "application/pdf",
	"geojson": "application/geo+json",
}

// outgoing is a file on its way to a browser. Nothing is sent before the first byte, so that what fails before it is said on a page.
type outgoing struct {
	q          *Request
	name, kind string
	begun      bool
	line       *http.ResponseController
}

// Write sends some of the file, and gives it more time.
func (o *outgoing) Write(p []byte) (int, error) {
	if !o.begun {
		o.begun = true
		h := o.q.w.Header()
		h.Set("Content-Type", mediaTypes[o.kind])
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": o.name + "." + o.kind}))
		o.q.w.WriteHeader(http.StatusOK)
	}
	o.wait()
	return o.q.w.Write(p)
}

// wait moves the end of patience further away; rows that are being gathered are patience too.
func (o *outgoing) wait() {
	if err := o.line.SetWriteDeadline(time.Now().Add(stallTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		o.q.c.Log.Warn("no deadline", "code", string(fault.CodeOf(err)))
	}
}

// download sends a file that is written as it goes. When that fails on the way the line is cut, so that nobody takes the
// beginning of a file for the whole of it.
func (q *Request) download(name, kind string, write func(w io.Writer) error) error {
	o := &outgoing{q: q, name: name, kind: kind, line: http.NewResponseController(q.w)}
	o.wait()
	err := write(o)
	if err == nil || !o.begun {
		return err
	}
	if !errors.Is(err, context.Canceled) {
		q.c.Log.Error("a file was cut", "code", string(fault.CodeOf(err)))
	}
	panic(http.ErrAbortHandler)
}

// sendSheet sends a table as CSV, XLSX or GeoJSON; of the last, places knows where the rows are by their first column; nil: there is none.
func (q *Request) sendSheet(name, kind string, s export.Sheet, places export.Geometries) error {
	switch {
	case kind == "csv":
		return q.download(name, kind, func(w io.Writer) error { return export.CSV(w, s) })
	case kind == "xlsx":
		return q.download(name, kind, func(w io.Writer) error { return xlsx.Write(w, s, q.c.Centre.Dir().Scratch()) })
	case kind == "geojson" && places != nil:
		return q.download(name, kind, func(w io.Writer) error { return export.GeoJSON(w, s, 0, places) })
	}
	return badInput(fmt.Errorf("no file of kind %q", kind))
}
