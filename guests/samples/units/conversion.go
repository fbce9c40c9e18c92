package main

import "fmt"

// A unit is a dimension and the line that leads to the dimension's base unit: base = scale·value + offset.
type unit struct {
	dimension     string
	scale, offset float64
}

var units = map[string]unit{
	"degC": {"temperature", 1, 0}, "degF": {"temperature", 5.0 / 9, -160.0 / 9}, "K": {"temperature", 1, -273.15},
	"Pa": {"pressure", 1, 0}, "hPa": {"pressure", 100, 0}, "kPa": {"pressure", 1e3, 0}, "bar": {"pressure", 1e5, 0}, "psi": {"pressure", 6894.757293168361, 0},
	"m": {"length", 1, 0}, "mm": {"length", 1e-3, 0}, "cm": {"length", 1e-2, 0}, "km": {"length", 1e3, 0}, "in": {"length", 0.0254, 0}, "ft": {"length", 0.3048, 0},
	"m/s": {"speed", 1, 0}, "km/h": {"speed", 1 / 3.6, 0}, "mph": {"speed", 0.44704, 0}, "kn": {"speed", 1852.0 / 3600, 0},
	"W": {"power", 1, 0}, "kW": {"power", 1e3, 0}, "hp": {"power", 745.6998715822702, 0},
	"J": {"energy", 1, 0}, "Wh": {"energy", 3600, 0}, "kWh": {"energy", 3.6e6, 0},
	"L/min": {"flow", 1.0 / 60000, 0}, "m3/h": {"flow", 1.0 / 3600, 0}, "gpm": {"flow", 0.003785411784 / 60, 0},
}

func conversion(from, to string) (func(float64) float64, error) {
	if from == to {
		return func(v float64) float64 { return v }, nil
	}
	f, known := units[from]
	t, alsoKnown := units[to]
	switch {
	case !known:
		return nil, fmt.Errorf("config: unknown unit %q in 'from'", from)
	case !alsoKnown:
		return nil, fmt.Errorf("config: unknown unit %q in 'to'", to)
	case f.dimension != t.dimension:
		return nil, fmt.Errorf("config: %q is a %s and %q a %s", from, f.dimension, to, t.dimension)
	}
	return func(v float64) float64 { return (v*f.scale + f.offset - t.offset) / t.scale }, nil
}
