package kit

import (
	_ "embed"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// The icons that Fyne lacks.
var (
	//go:embed icons/account_balance.svg
	svgCentre []byte
	//go:embed icons/call_split.svg
	svgSplit []byte
	//go:embed icons/schedule.svg
	svgWaiting []byte
	//go:embed icons/wifi_off.svg
	svgOffline []byte
	//go:embed icons/sync.svg
	svgSync []byte
	//go:embed icons/group.svg
	svgGroup []byte
	//go:embed icons/place.svg
	svgPlace []byte
	//go:embed icons/lock.svg
	svgLock []byte
	//go:embed icons/bolt.svg
	svgBolt []byte
	//go:embed icons/assignment.svg
	svgTask []byte
	//go:embed icons/verified.svg
	svgApproved []byte
	//go:embed icons/hourglass.svg
	svgLater []byte

	IconCentre  fyne.Resource = fyne.NewStaticResource("account_balance.svg", svgCentre)
	IconSplit   fyne.Resource = fyne.NewStaticResource("call_split.svg", svgSplit)
	IconWaiting fyne.Resource = fyne.NewStaticResource("schedule.svg", svgWaiting)
	IconOffline fyne.Resource = fyne.NewStaticResource("wifi_off.svg", svgOffline)
	IconSync    fyne.Resource = fyne.NewStaticResource("sync.svg", svgSync)
	IconGroup   fyne.Resource = fyne.NewStaticResource("group.svg", svgGroup)
	IconPlace   fyne.Resource = fyne.NewStaticResource("place.svg", svgPlace)
	IconLock    fyne.Resource = fyne.NewStaticResource("lock.svg", svgLock)
	IconBolt    fyne.Resource = fyne.NewStaticResource("bolt.svg", svgBolt)
	IconTask    fyne.Resource = fyne.NewStaticResource("assignment.svg", svgTask)
	// IconApproved stands for nothing but the word of whoever reviews.
	IconApproved fyne.Resource = fyne.NewStaticResource("verified.svg", svgApproved)
	IconLater    fyne.Resource = fyne.NewStaticResource("hourglass.svg", svgLater)
)

// Icon draws a resource in a colour of the theme, as a square.
func Icon(res fyne.Resource, c fyne.ThemeColorName, size float32) *canvas.Image {
	img := canvas.NewImageFromResource(Tinted(res, c))
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSquareSize(size))
	return img
}

// Tinted gives a resource in a colour of the theme.
func Tinted(res fyne.Resource, c fyne.ThemeColorName) fyne.Resource {
	if t, ok := res.(*theme.ThemedResource); ok {
		return theme.NewColoredResource(sourceOf(t), c)
	}
	return theme.NewColoredResource(res, c)
}

// sourceOf takes a themed resource apart no further than needed: colouring a coloured drawing colours it again.
func sourceOf(t *theme.ThemedResource) fyne.Resource {
	return fyne.NewStaticResource("tinted_"+t.Name(), t.Content())
}
