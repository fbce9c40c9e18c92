//go:build wasip1

// Package stream makes a module of the kind stream: called once per block of new samples. Go emits no vector instructions: for
// heavy filters use the C SDK.
package stream

import (
	"time"
	"unsafe"

	"edge"
)

// Block is a block of samples; exactly one of F32, F64 and I32 is set, valid until the call returns and free to be overwritten.
type Block struct {
	Time     time.Time // of the first sample
	RateHz   float64   // 0 if irregular
	Gap      bool      // samples are missing before this block
	Reset    bool      // a new stream begins: forget all history first
	Sequence int64     // number of the first sample since the stream began
	F32      []float32
	F64      []float64
	I32      []int32
}

type header struct {
	timeUs   int64
	rateHz   float64
	kind     uint32
	flags    uint32
	sequence int64
}

var registered func(*Block) error

// Handle registers the function, from an init function.
func Handle(f func(*Block) error) { registered = f }

// EmitF32 sends samples to a port as little-endian 32-bit floats.
func EmitF32(port int, samples []float32) error {
	return edge.Emit(port, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples)))
}

//go:wasmexport edge_stream
func stream(head, samples, n int32) int32 {
	if registered == nil {
		return int32(edge.State)
	}
	h := (*header)(unsafe.Pointer(unsafe.SliceData(edge.Bytes(head, 32))))
	b := Block{Time: time.UnixMicro(h.timeUs).UTC(), RateHz: h.rateHz, Gap: h.flags&1 != 0, Reset: h.flags&2 != 0, Sequence: h.sequence}
	at := unsafe.Pointer(unsafe.SliceData(edge.Bytes(samples, n)))
	switch h.kind {
	case 0:
		b.F32 = unsafe.Slice((*float32)(at), n)
	case 1:
		b.F64 = unsafe.Slice((*float64)(at), n)
	case 2:
		b.I32 = unsafe.Slice((*int32)(at), n)
	default:
		return int32(edge.Unsupported)
	}
	return edge.Code(registered(&b))
}
