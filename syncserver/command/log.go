package command

import (
	"io"
	"log/slog"
	"slices"
)

// loggable names everything that may stand in the log: no names, values, officers, units or addresses. What else a line
// carries is left out, so that a new line cannot leak by mistake.
var loggable = []string{slog.TimeKey, slog.LevelKey, slog.MessageKey, "replica", "code", "jobs", "orders", "stack", "plain"}

// newLog writes structured lines of that.
func newLog(w io.Writer, least slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: least, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) > 0 || !slices.Contains(loggable, a.Key) {
			return slog.Attr{}
		}
		return a
	}}))
}
