// Package kit owns the widgets of the program that know nothing of records: the theme, texts that cut or wrap, buttons,
// entries that pass their shortcuts on, chips, boxes, and layouts that give a wrapped text the height it needs.
//
// Everything here belongs to the goroutine of the window. Colours and sizes come from the theme when a widget is drawn;
// the window is built anew when the officer changes the text size.
package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme is the one look: light, whatever the system says (sunlight), in three text sizes.
type Theme struct{ Step int } // 14, 16 or 18

// The colours of our own, beside those of Fyne.
const (
	ColorSurface     fyne.ThemeColorName = "surface"
	ColorSurface2    fyne.ThemeColorName = "surface2"
	ColorInk         fyne.ThemeColorName = theme.ColorNameForeground
	ColorInk2        fyne.ThemeColorName = "ink2"
	ColorPaper       fyne.ThemeColorName = theme.ColorNameBackground
	ColorLine        fyne.ThemeColorName = theme.ColorNameInputBorder
	ColorHair        fyne.ThemeColorName = theme.ColorNameSeparator
	ColorPrimary     fyne.ThemeColorName = theme.ColorNamePrimary
	ColorOnPrimary   fyne.ThemeColorName = theme.ColorNameForegroundOnPrimary
	ColorPrimaryTint fyne.ThemeColorName = "primaryTint"
	ColorRing        fyne.ThemeColorName = "ring"
	ColorDanger      fyne.ThemeColorName = theme.ColorNameError
	ColorDangerTint  fyne.ThemeColorName = "dangerTint"
	ColorWarn        fyne.ThemeColorName = "warn"
	ColorWarnTint    fyne.ThemeColorName = "warnTint"
	ColorOk          fyne.ThemeColorName = theme.ColorNameSuccess
	ColorOkTint      fyne.ThemeColorName = "okTint"
	ColorSel         fyne.ThemeColorName = theme.ColorNameSelection
	ColorQueued      fyne.ThemeColorName = "queued"
	ColorQueuedTint  fyne.ThemeColorName = "queuedTint"
	ColorCentre      fyne.ThemeColorName = "centre"
	ColorCentreTint  fyne.ThemeColorName = "centreTint"
	ColorDraft       fyne.ThemeColorName = "draft"
	ColorConflict    fyne.ThemeColorName = "conflict"
	ColorSplitTint   fyne.ThemeColorName = "conflictTint"
	ColorReturned    fyne.ThemeColorName = "returned"
	ColorReturnTint  fyne.ThemeColorName = "returnedTint"
	ColorSending     fyne.ThemeColorName = "sending"
	ColorSendTint    fyne.ThemeColorName = "sendingTint"
)

// The sizes of our own.
const (
	SizeSmall   fyne.ThemeSizeName = theme.SizeNameCaptionText
	SizeBody    fyne.ThemeSizeName = theme.SizeNameText
	SizeSection fyne.ThemeSizeName = theme.SizeNameSubHeadingText
	SizeTitle   fyne.ThemeSizeName = theme.SizeNameHeadingText
	SizeFigure  fyne.ThemeSizeName = "figure"
)

func rgb(hex uint32) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// colours are those of the design's tokens.json.
var colours = map[fyne.ThemeColorName]color.Color{
	ColorPaper: rgb(0xFFFFFF), ColorSurface: rgb(0xF2F5F3), ColorSurface2: rgb(0xE3EAE6),
	ColorInk: rgb(0x101B17), ColorInk2: rgb(0x36433E), ColorLine: rgb(0x6F7D77), ColorHair: rgb(0xBFC9C4),
	ColorPrimary: rgb(0x0B4A6F), ColorOnPrimary: rgb(0xFFFFFF), ColorPrimaryTint: rgb(0xDCEBF5),
	ColorRing: rgb(0xB45300), ColorDanger: rgb(0x8F1515), ColorDangerTint: rgb(0xFBE6E4),
	ColorWarn: rgb(0x7A3300), ColorWarnTint: rgb(0xFFF1D6), ColorOk: rgb(0x0B4F2E), ColorOkTint: rgb(0xE0F1E4),
	ColorSel: rgb(0xCFE3F1), ColorQueued: rgb(0x5B4300), ColorQueuedTint: rgb(0xFBEFC9),
	ColorCentre: rgb(0x1D4A22), ColorCentreTint: rgb(0xDFF0DC), ColorDraft: rgb(0x3F4744),
	ColorConflict: rgb(0x7A3300), ColorSplitTint: rgb(0xFDE7D3),
	ColorReturned: rgb(0x6B1E7A), ColorReturnTint: rgb(0xF3E2F7), ColorSending: rgb(0x0B4A8F), ColorSendTint: rgb(0xDDEBFA),

	theme.ColorNameInputBackground:     rgb(0xFFFFFF),
	theme.ColorNamePlaceHolder:         rgb(0x36433E),
	theme.ColorNameDisabled:            rgb(0x5F6B66),
	theme.ColorNameDisabledButton:      rgb(0xE3EAE6),
	theme.ColorNameButton:              rgb(0xFFFFFF),
	theme.ColorNameFocus:               color.NRGBA{R: 0xB4, G: 0x53, A: 0x50}, // the discs that Fyne draws behind a focused check
	theme.ColorNameHover:               rgb(0xE3EAE6),
	theme.ColorNamePressed:             rgb(0xCFE3F1),
	theme.ColorNameMenuBackground:      rgb(0xDCEBF5), // there are no shadows: a list must stand out by its ground
	theme.ColorNameOverlayBackground:   rgb(0xDCEBF5),
	theme.ColorNameHeaderBackground:    rgb(0xF2F5F3),
	theme.ColorNameWarning:             rgb(0x7A3300),
	theme.ColorNameScrollBar:           rgb(0x6F7D77),
	theme.ColorNameScrollBarBackground: rgb(0xE3EAE6),
	theme.ColorNameShadow:              color.Transparent,
	theme.ColorNameHyperlink:           rgb(0x0B4A6F),
}

// Color implements fyne.Theme.
func (t Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := colours[n]; ok {
		return c
	}
	return theme.DefaultTheme().Color(n, theme.VariantLight)
}

// Font implements fyne.Theme. Italic and monospace are never used: the first is hard to read in the sun, the second lacks
// Vietnamese letters.
func (t Theme) Font(s fyne.TextStyle) fyne.Resource {
	return theme.DefaultTheme().Font(fyne.TextStyle{Bold: s.Bold, Symbol: s.Symbol})
}

// Icon implements fyne.Theme.
func (t Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size implements fyne.Theme. Only even text sizes occur.
func (t Theme) Size(n fyne.ThemeSizeName) float32 {
	step := float32(t.Step)
	switch n {
	case SizeBody:
		return step
	case SizeSmall:
		return max(step-2, 14)
	case SizeSection:
		return step + 2
	case SizeTitle:
		return step + 6
	case SizeFigure:
		return 2 * step
	case theme.SizeNameInlineIcon:
		return 20
	case theme.SizeNamePadding:
		return 4
	case theme.SizeNameInnerPadding:
		return 8
	case theme.SizeNameScrollBar:
		return 12
	case theme.SizeNameScrollBarSmall:
		return 6
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius, theme.SizeNameButtonRadius, theme.SizeNamePopupRadius, theme.SizeNameMenuRadius:
		return 4
	}
	return theme.DefaultTheme().Size(n)
}

// Color gives a colour of the theme in force.
func Color(n fyne.ThemeColorName) color.Color { return theme.Color(n) }

// Size gives a size of the theme in force.
func Size(n fyne.ThemeSizeName) float32 { return theme.Size(n) }

// ControlHeight is that of a control that a hand must hit.
func ControlHeight() float32 {
	if Size(SizeBody) > 16 {
		return 44
	}
	return 40
}
