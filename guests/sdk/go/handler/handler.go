//go:build wasip1

// Package handler makes a module of the kind handler: called once per message.
package handler

import (
	"time"

	"edge"
)

// Message is one message. Topic is a copy; Payload is valid until the call returns and may be overwritten.
type Message struct {
	Topic   string
	Payload []byte
	Time    time.Time
}

var registered func(Message) error

// Handle registers the function, from an init function. An error drops the call's effects and dead-letters the message.
func Handle(f func(Message) error) { registered = f }

//go:wasmexport edge_handle
func handle(topic, topicLen, payload, payloadLen int32, timeUs int64) int32 {
	if registered == nil {
		return int32(edge.State)
	}
	return edge.Code(registered(Message{
		Topic:   string(edge.Bytes(topic, topicLen)),
		Payload: edge.Bytes(payload, payloadLen),
		Time:    time.UnixMicro(timeUs).UTC(),
	}))
}
