//go:build !headless

package window

import (
	"syscall"
	"unsafe"
)

var enumDisplayDevices = syscall.NewLazyDLL("user32.dll").NewProc("EnumDisplayDevicesW")

// displayDevice is DISPLAY_DEVICEW.
type displayDevice struct {
	size   uint32
	name   [32]uint16
	text   [128]uint16
	state  uint32
	id     [128]uint16
	regkey [128]uint16
}

const attachedToDesktop = 1 // DISPLAY_DEVICE_ATTACHED_TO_DESKTOP

// adapter names the graphics card whose driver is asked for, as Windows knows it, for whoever gives support.
func adapter() string {
	for i := 0; ; i++ {
		d := displayDevice{}
		d.size = uint32(unsafe.Sizeof(d))
		if found, _, _ := enumDisplayDevices.Call(0, uintptr(i), uintptr(unsafe.Pointer(&d)), 0); found == 0 {
			return "no graphics card is known"
		}
		if d.state&attachedToDesktop != 0 {
			return syscall.UTF16ToString(d.text[:])
		}
	}
}
