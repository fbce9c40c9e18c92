//go:build wasip1

// Package edge is the guest side of the Edge ABI 1 for ordinary Go: what a module may ask of its host.
//
// A module imports one of the packages handler, stream or web, registers a function in an init function and has an empty main.
// It is built as a reactor (build.sh): GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared. Only functions that are used are
// imported, so a module needs only the grants of what it calls, besides clock and random, which Go's runtime asks for.
package edge

import "unsafe"

// Error is an error code of the ABI; codes of a module's own are Own and below.
type Error int32

// The error table of ABI.md §7.
const (
	Invalid     Error = -1
	Denied      Error = -2
	NotFound    Error = -3
	Limit       Error = -4
	IO          Error = -5
	Timeout     Error = -6
	Unsupported Error = -7
	State       Error = -8
	Own         Error = -100
)

var errorNames = [...]string{"", "invalid argument", "denied by the grant", "not found", "limit reached", "input or output failed", "timed out", "unsupported", "not possible now"}

// Error names the code.
func (e Error) Error() string {
	if e < 0 && int(-e) < len(errorNames) {
		return "edge: " + errorNames[-e]
	}
	return "edge: error of the module"
}

// Code turns an error into what an export returns: 0, the Error that it is, or Own after writing it to standard error.
func Code(err error) int32 {
	if err == nil {
		return 0
	}
	if e, ok := err.(Error); ok {
		return int32(e)
	}
	println(err.Error())
	return int32(Own)
}

func result(code int32) error {
	if code < 0 {
		return Error(code)
	}
	return nil
}

// Bytes views memory that the host filled; valid until the call returns.
func Bytes(ptr, n int32) []byte {
	if n <= 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(uintptr(ptr))), n)
}

// Result packs bytes into an i64 result; the caller keeps them reachable until the next call.
func Result(b []byte) int64 {
	return int64(uintptr(unsafe.Pointer(unsafe.SliceData(b))))<<32 | int64(len(b))
}

var configured func(config []byte) error

// OnConfig registers what takes the manifest's config, JSON, once at the start. An error refuses the instance.
func OnConfig(take func(config []byte) error) { configured = take }

//go:wasmexport edge_init
func initialize(config, n int32) int32 {
	if configured == nil {
		return 0
	}
	return Code(configured(Bytes(config, n)))
}

//go:wasmexport edge_abi
func abi() int32 { return 1 }

var blocks [][]uint64 // the host's, for the instance's life

//go:wasmexport edge_alloc
func alloc(size int32) int32 {
	if size <= 0 || size > 1<<24 {
		return 0
	}
	block := make([]uint64, 2*((int(size)+15)/16)+6) // 64 bytes and more, in 16s: Go aligns such blocks to 16
	blocks = append(blocks, block)
	return int32(uintptr(unsafe.Pointer(unsafe.SliceData(block))))
}
