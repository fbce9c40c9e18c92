//go:build wasip1

package edge

import (
	"time"
	"unsafe"
)

//go:wasmimport edge emit
func emit(port int32, ptr unsafe.Pointer, n int32, timeUs int64) int32

//go:wasmimport edge log
func log(level int32, ptr unsafe.Pointer, n int32) int32

//go:wasmimport edge publish
func publish(topic unsafe.Pointer, topicLen int32, payload unsafe.Pointer, payloadLen, flags int32) int32

//go:wasmimport edge kv_get
func kvGet(key unsafe.Pointer, keyLen int32, buf unsafe.Pointer, capacity int32) int32

//go:wasmimport edge kv_put
func kvPut(key unsafe.Pointer, keyLen int32, val unsafe.Pointer, valLen int32) int32

//go:wasmimport edge metric
func metric(name unsafe.Pointer, n int32, value float64) int32

//go:wasmimport edge gpio_read
func gpioRead(line int32) int32

//go:wasmimport edge gpio_write
func gpioWrite(line, value int32) int32

//go:wasmimport edge http_fetch
func httpFetch(request unsafe.Pointer, n int32, buf unsafe.Pointer, capacity int32) int32

func str(s string) (unsafe.Pointer, int32) { return unsafe.Pointer(unsafe.StringData(s)), int32(len(s)) }
func raw(b []byte) (unsafe.Pointer, int32) { return unsafe.Pointer(unsafe.SliceData(b)), int32(len(b)) }

// Emit sends bytes to a port, a number into the manifest's ports, with the input's time.
func Emit(port int, b []byte) error { return EmitAt(port, b, time.Time{}) }

// EmitAt is Emit with a time of its own; the zero time means the input's.
func EmitAt(port int, b []byte, at time.Time) error {
	var us int64
	if !at.IsZero() {
		us = at.UnixMicro()
	}
	p, n := raw(b)
	return result(emit(int32(port), p, n, us))
}

// Level of a log line.
type Level int32

// The levels of ABI.md §6.
const (
	Trace Level = iota
	Debug
	Info
	Warning
	Failure
)

// Log writes a line to the node's log. Needs the grant log.
func Log(level Level, line string) error {
	p, n := str(line)
	return result(log(int32(level), p, n))
}

// Publish sends an MQTT message when the call succeeds. Needs a grant mqtt:pub:FILTER that matches the topic.
func Publish(topic string, payload []byte, qos int, retain bool) error {
	flags := int32(qos) & 3
	if retain {
		flags |= 4
	}
	t, tn := str(topic)
	p, n := raw(payload)
	return result(publish(t, tn, p, n, flags))
}

// Get reads a durable value; NotFound if there is none. Needs the grant kv:SIZE.
func Get(key string) ([]byte, error) {
	k, kn := str(key)
	value := make([]byte, 256)
	for {
		p, n := raw(value)
		got := kvGet(k, kn, p, n)
		if got < 0 {
			return nil, Error(got)
		}
		if got <= n {
			return value[:got], nil
		}
		value = make([]byte, got)
	}
}

// Put writes a durable value when the call succeeds. Needs the grant kv:SIZE.
func Put(key string, value []byte) error {
	k, kn := str(key)
	p, n := raw(value)
	return result(kvPut(k, kn, p, n))
}

// Delete removes a durable value when the call succeeds. Needs the grant kv:SIZE.
func Delete(key string) error {
	k, kn := str(key)
	return result(kvPut(k, kn, nil, -1))
}

// Metric sets a number that the node shows, by a name of a-z, 0-9, _ and dots. Needs the grant metric.
func Metric(name string, value float64) error {
	p, n := str(name)
	return result(metric(p, n, value))
}

// ReadLine reads a GPIO line, an index into the manifest's gpio grants.
func ReadLine(line int) (bool, error) {
	value := gpioRead(int32(line))
	return value > 0, result(value)
}

// WriteLine drives a GPIO line when the call succeeds.
func WriteLine(line int, high bool) error {
	var value int32
	if high {
		value = 1
	}
	return result(gpioWrite(int32(line), value))
}

// Fetch sends an HTTP/1.1 request with an absolute-form target and reads the response, both as bytes, of at most max. Needs the grant net:HOST:PORT.
func Fetch(request []byte, max int) ([]byte, error) {
	response := make([]byte, max)
	q, qn := raw(request)
	p, n := raw(response)
	got := httpFetch(q, qn, p, n)
	if got < 0 {
		return nil, Error(got)
	}
	return response[:got], nil
}
