package kit

import (
	"bytes"
	"image"
	_ "image/jpeg" // thumbnails

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// ThumbSize is how large a thumbnail is.
func ThumbSize() fyne.Size { return fyne.NewSize(104, 68) }

// Thumb is a small picture, or a sign in its place.
func Thumb(jpeg []byte) fyne.CanvasObject {
	if img, _, err := image.Decode(bytes.NewReader(jpeg)); err == nil {
		c := canvas.NewImageFromImage(img)
		c.FillMode = canvas.ImageFillContain
		c.SetMinSize(ThumbSize())
		return c
	}
	return Fixed(ThumbSize().Width, ThumbSize().Height, Icon(theme.FileImageIcon(), ColorInk2, 40))
}
