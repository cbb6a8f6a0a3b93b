package kit

import (
	_ "embed"
	"image/color"

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

// tint is a drawing in a colour.
type tint struct {
	name   string
	colour color.Color
}

// tinted are all that were made; a program has some dozens.
var tinted = map[tint]fyne.Resource{}

// Tinted gives a resource in the colour that a name has in the theme in force. To colour a drawing is to parse it, and Fyne
// would do that for every drawing whenever what lies around it is refreshed.
func Tinted(res fyne.Resource, c fyne.ThemeColorName) fyne.Resource {
	key := tint{res.Name(), Color(c)}
	if made := tinted[key]; made != nil {
		return made
	}
	if t, ok := res.(*theme.ThemedResource); ok {
		res = sourceOf(t)
	}
	coloured := theme.NewColoredResource(res, c)
	tinted[key] = fyne.NewStaticResource(coloured.Name(), coloured.Content())
	return tinted[key]
}

// sourceOf takes a themed resource apart no further than needed: colouring a coloured drawing colours it again.
func sourceOf(t *theme.ThemedResource) fyne.Resource {
	return fyne.NewStaticResource("tinted_"+t.Name(), t.Content())
}
