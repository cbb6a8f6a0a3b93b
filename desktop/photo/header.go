package photo

import (
	"bytes"
	"encoding/binary"
)

// orientation gives how the camera was held, 1 to 8, by the EXIF of a file of that format: 1 where nothing sensible is said.
func orientation(format string, file []byte) int {
	switch format {
	case "JPEG":
		for marker, segment := range segments(file) {
			if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && marker == 0xE1 {
				return tiffOrientation(exif)
			}
		}
	case "PNG":
		return tiffOrientation(chunk(file[8:], "eXIf", binary.BigEndian, 4))
	case "WebP":
		exif := chunk(file[12:], "EXIF", binary.LittleEndian, 0)
		return tiffOrientation(bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))) // some writers put it there, too
	}
	return 1
}

// progressive says whether a JPEG may come in passes that refine it. A decoder may find its way through what is odd, and
// there come upon anything.
func progressive(file []byte) bool {
	for marker := range segments(file) {
		if marker == 0xC0 || marker == 0xC1 {
			return false
		}
	}
	return true
}

// segments goes through the segments of a JPEG up to the first scan, where the picture begins, or to anything odd.
func segments(file []byte) func(yield func(marker byte, segment []byte) bool) {
	return func(yield func(byte, []byte) bool) {
		rest := file[2:]
		for len(rest) >= 4 && rest[0] == 0xFF && rest[1] >= 0xC0 {
			if rest[1] == 0xFF { // padding
				rest = rest[1:]
				continue
			}
			if 0xD0 <= rest[1] && rest[1] <= 0xDA { // restarts, begin, end, scan
				return
			}
			end := 2 + int(binary.BigEndian.Uint16(rest[2:]))
			if end < 4 || end > len(rest) || !yield(rest[1], rest[4:end]) {
				return
			}
			rest = rest[end:]
		}
	}
}

// chunk finds a chunk of a PNG (length, name, content, sum) or of a RIFF file (name, length, content, padded to even): nil if
// there is none.
func chunk(file []byte, name string, order binary.ByteOrder, sum int64) []byte {
	lengthAt, nameAt := 0, 4
	if sum == 0 {
		lengthAt, nameAt = 4, 0
	}
	for len(file) >= 8 {
		length := int64(order.Uint32(file[lengthAt:]))
		if length > int64(len(file)-8) {
			return nil
		}
		if string(file[nameAt:nameAt+4]) == name {
			return file[8 : 8+length]
		}
		if sum == 0 {
			length += length % 2
		}
		file = file[min(8+length+sum, int64(len(file))):]
	}
	return nil
}

// tiffOrientation looks for the orientation in the first directory of a TIFF, which is what EXIF is.
func tiffOrientation(tiff []byte) int {
	const (
		tag      = 0x0112
		short    = 3
		entry    = 12
		noTurn   = 1
		lastTurn = 8
	)
	if len(tiff) < 8 {
		return noTurn
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return noTurn
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return noTurn
	}
	dir := tiff[at:]
	entries := int(order.Uint16(dir))
	for dir = dir[2:]; entries > 0 && len(dir) >= entry; entries, dir = entries-1, dir[entry:] {
		if order.Uint16(dir) == tag && order.Uint16(dir[2:]) == short {
			if turn := int(order.Uint16(dir[8:])); turn >= noTurn && turn <= lastTurn {
				return turn
			}
		}
	}
	return noTurn
}
