// The sample module fir in plain Go, for the benchmark "fir": what a Go programmer would write, with slices and no tricks.
package main

import (
	"encoding/json"
	"unsafe"
)

//go:wasmimport edge emit
func emit(port int32, ptr unsafe.Pointer, length int32, timeUs int64) int32

var (
	kept    [][]byte
	taps    []float32
	history []float32
)

//go:wasmexport edge_alloc
func alloc(size int32) unsafe.Pointer {
	block := make([]byte, size+16)
	kept = append(kept, block)
	at := uintptr(unsafe.Pointer(&block[0]))
	return unsafe.Pointer(&block[(16-at%16)%16])
}

//go:wasmexport edge_init
func start(config unsafe.Pointer, length int32) int32 {
	var options struct {
		Coefficients []float32 `json:"coefficients"`
	}
	if json.Unmarshal(unsafe.Slice((*byte)(config), length), &options) != nil {
		return -1
	}
	taps = options.Coefficients
	return 0
}

//go:wasmexport edge_stream
func stream(header unsafe.Pointer, samples unsafe.Pointer, n int32) int32 {
	in := append(history[:0], make([]float32, len(taps)-1)...)
	in = append(in, unsafe.Slice((*float32)(samples), n)...)
	history = in
	out := unsafe.Slice((*float32)(samples), n)
	last := len(taps) - 1
	for i := range out {
		var sum float32
		for t, tap := range taps {
			sum += tap * in[i+last-t]
		}
		out[i] = sum
	}
	return emit(0, samples, n*4, 0)
}

func main() {}
