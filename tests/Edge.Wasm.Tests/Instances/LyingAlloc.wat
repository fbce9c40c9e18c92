;; edge_alloc returns what edge_init was told, through a config that fits the first block.
(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))
  (func (export "edge_alloc") (param i32) (result i32) (global.get $next))
  (func (export "edge_init") (param i32 i32) (result i32) (global.set $next (i32.load (local.get 0))) (i32.const 0))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0)))
