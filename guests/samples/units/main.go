// Converts a measurement to another unit and watches thresholds. A message is a number; out goes on port 0 `value` the converted number, and
// on port 1 `alarm` a JSON object whenever the value enters or leaves the range, with hysteresis.
// Config: {"from": "degF", "to": "degC", "low": 2, "high": 8, "hysteresis": 0.5}.
package main

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"edge"
	"edge/handler"
	"edge/state"
)

const (
	portValue = iota
	portAlarm
)

type alarm byte

const (
	normal alarm = iota
	low
	high
)

func (a alarm) String() string { return [...]string{"normal", "low", "high"}[a] }

type config struct {
	From, To   string
	Low, High  *float64
	Hysteresis float64
}

var (
	settings config
	convert  func(float64) float64
	current  alarm
)

func configure(bytes []byte) (err error) {
	if len(bytes) > 0 {
		if err = json.Unmarshal(bytes, &settings); err != nil {
			return err
		}
	}
	convert, err = conversion(settings.From, settings.To)
	return err
}

// next tells the alarm after a value: a bound is crossed outward at once, inward only by more than the hysteresis.
func next(now alarm, v float64) alarm {
	c := &settings
	switch {
	case c.High != nil && (v > *c.High || now == high && v > *c.High-c.Hysteresis):
		return high
	case c.Low != nil && (v < *c.Low || now == low && v < *c.Low+c.Hysteresis):
		return low
	}
	return normal
}

func handle(m handler.Message) error {
	v, err := strconv.ParseFloat(strings.TrimSpace(string(m.Payload)), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return edge.Invalid
	}
	v = convert(v)
	if err := edge.Emit(portValue, strconv.AppendFloat(nil, v, 'g', 9, 64)); err != nil {
		return err
	}
	before := current
	if current = next(current, v); current == before {
		return nil
	}
	event, err := json.Marshal(map[string]any{"alarm": current.String(), "before": before.String(), "value": v, "unit": settings.To})
	if err != nil {
		return err
	}
	return edge.Emit(portAlarm, event)
}

func init() {
	edge.OnConfig(configure)
	handler.Handle(handle)
	state.Keep(
		func() ([]byte, error) { return binary.LittleEndian.AppendUint16(nil, 1<<8|uint16(current)), nil },
		func(b []byte) error {
			if len(b) != 2 || b[1] != 1 || b[0] > byte(high) {
				return edge.Unsupported
			}
			current = alarm(b[0])
			return nil
		})
}

func main() {}
