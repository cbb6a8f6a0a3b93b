// Package alert owns the box of the system that says why there is no window: without Fyne, cgo and OpenGL, which are what
// is missing then.
package alert

// Title is what stands above the box.
const Title = "Bản Làng"
