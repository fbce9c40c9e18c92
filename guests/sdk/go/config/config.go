//go:build wasip1

// Package config reads the manifest's config into a struct. Apart from package edge because encoding/json adds a megabyte to a module.
package config

import (
	"encoding/json"

	"edge"
)

// Into has the config read into v, a pointer to a struct, at the start; without a config v stays as it is. Call it from an init function.
func Into(v any) {
	edge.OnConfig(func(config []byte) error {
		if len(config) == 0 {
			return nil
		}
		return json.Unmarshal(config, v)
	})
}
