// Package window owns the one place that needs a real screen: it looks whether there is one and opens the window on it.
// With the build tag headless it has none, so that everything else builds without cgo, X and GL.
package window
