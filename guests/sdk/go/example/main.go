// Sends every message back.
package main

import (
	"edge"
	"edge/handler"
)

func init() {
	handler.Handle(func(m handler.Message) error {
		return edge.Emit(0, m.Payload)
	})
}

func main() {}
