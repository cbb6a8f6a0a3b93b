package photo

import (
	"os"

	"golang.org/x/sys/windows"
)

// Roots gives the folders under which telephones and cards appear: removable drives, and the folder DCIM of cameras on any
// other drive. A telephone that is connected without a letter is not among them.
func Roots() []string {
	letters, err := windows.GetLogicalDrives()
	if err != nil {
		return nil
	}
	return rootsAmong(letters, func(root string) bool {
		name, err := windows.UTF16PtrFromString(root)
		return err == nil && windows.GetDriveType(name) == windows.DRIVE_REMOVABLE
	})
}

func rootsAmong(letters uint32, removable func(root string) bool) (roots []string) {
	for i := range 26 {
		root := string(rune('A'+i)) + `:\`
		switch {
		case i < 2 || letters&(1<<i) == 0: // A and B are floppy drives, and slow to say that they are empty
		case removable(root):
			roots = append(roots, root)
		default:
			if info, err := os.Stat(root + "DCIM"); err == nil && info.IsDir() {
				roots = append(roots, root+"DCIM")
			}
		}
	}
	return roots
}
