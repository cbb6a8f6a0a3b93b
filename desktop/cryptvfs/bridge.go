package cryptvfs

// #include "shim.h"
import "C"

import (
	"errors"
	"io"
	"runtime/cgo"
	"unsafe"
)

// below is the file of the layer below, by the address of SQLite's own.
type below struct{ file unsafe.Pointer }

// A result is a result code of SQLite.
type result C.int

func (result) Error() string { return "SQLite's file layer refused" }

func (b below) ReadAt(p []byte, at int64) (int, error) {
	rc := C.cv_lower_read(b.file, unsafe.Pointer(unsafe.SliceData(p)), C.int(len(p)), C.longlong(at))
	switch rc {
	case C.CV_OK:
		return len(p), nil
	case C.CV_IOERR_SHORT_READ:
		var size C.longlong
		if rc := C.cv_lower_size(b.file, &size); rc != C.CV_OK {
			return 0, result(rc)
		}
		return int(min(max(int64(size)-at, 0), int64(len(p)))), io.EOF
	}
	return 0, result(rc)
}

func (b below) WriteAt(p []byte, at int64) (int, error) {
	if rc := C.cv_lower_write(b.file, unsafe.Pointer(unsafe.SliceData(p)), C.int(len(p)), C.longlong(at)); rc != C.CV_OK {
		return 0, result(rc)
	}
	return len(p), nil
}

// codeOf is what SQLite is told; other is the code of what has none.
func codeOf(err error, other C.int) C.int {
	var rc result
	switch {
	case err == nil:
		return C.CV_OK
	case errors.As(err, &rc):
		return C.int(rc)
	case errors.Is(err, errDamaged):
		return C.CV_IOERR_DATA
	case errors.Is(err, errWiped):
		return C.CV_IOERR_AUTH
	}
	return other
}

// fileOf is the file of SQLite as plain bytes.
func fileOf(handle C.uintptr_t, p unsafe.Pointer, k C.int) (file, error) {
	f := file{below{p}, kind(k), cgo.Handle(handle).Value().(*VFS).keys}
	var err error
	if f.kind == scratch {
		f.keys, err = scratchKeys()
	}
	return f, err
}

// cvOpened admits a file that was just opened below, and counts it. blank says that it is a database whose beginning was
// never written.
//
//export cvOpened
func cvOpened(handle C.uintptr_t, p unsafe.Pointer, k C.int, blankOut *C.int) C.int {
	v := cgo.Handle(handle).Value().(*VFS)
	f, err := fileOf(handle, p, k)
	if err != nil {
		return C.CV_IOERR_AUTH
	}
	if f.kind == database {
		found, err := f.look()
		switch {
		case err != nil:
			return codeOf(err, C.CV_IOERR_READ)
		case found == plain, found == alien:
			return C.CV_NOTADB
		case found == blank:
			*blankOut = 1
		}
	}
	return codeOf(v.keys.use(func() error { v.open.Add(1); return nil }), C.CV_IOERR_AUTH)
}

//export cvClosed
func cvClosed(handle C.uintptr_t) { cgo.Handle(handle).Value().(*VFS).open.Add(-1) }

//export cvRead
func cvRead(handle C.uintptr_t, p unsafe.Pointer, k C.int, out unsafe.Pointer, n C.int, at C.longlong) C.int {
	b := unsafe.Slice((*byte)(out), int(n))
	f, err := fileOf(handle, p, k)
	if err == nil {
		n, short := f.ReadAt(b, int64(at))
		if errors.Is(short, io.EOF) { // SQLite wants zeros where there is nothing
			clear(b[n:])
			return C.CV_IOERR_SHORT_READ
		}
		err = short
	}
	return codeOf(err, C.CV_IOERR_READ)
}

//export cvWrite
func cvWrite(handle C.uintptr_t, p unsafe.Pointer, k C.int, in unsafe.Pointer, n C.int, at C.longlong) C.int {
	f, err := fileOf(handle, p, k)
	if err == nil {
		_, err = f.WriteAt(unsafe.Slice((*byte)(in), int(n)), int64(at))
	}
	return codeOf(err, C.CV_IOERR_WRITE)
}
