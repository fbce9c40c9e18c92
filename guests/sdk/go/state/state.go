//go:build wasip1

// Package state keeps a module's state over restarts: import it and register both functions.
package state

import "edge"

var (
	save func() ([]byte, error)
	load func([]byte) error
	last []byte // the host reads it after edge_snapshot has returned
)

// Keep registers how the state becomes bytes and comes back, from an init function.
func Keep(snapshot func() ([]byte, error), restore func([]byte) error) { save, load = snapshot, restore }

//go:wasmexport edge_snapshot
func snapshot() int64 {
	if save == nil {
		return int64(edge.State)
	}
	var err error
	if last, err = save(); err != nil {
		return int64(edge.Code(err))
	}
	return edge.Result(last)
}

//go:wasmexport edge_restore
func restore(state, n int32) int32 {
	if load == nil {
		return int32(edge.State)
	}
	return edge.Code(load(edge.Bytes(state, n)))
}
