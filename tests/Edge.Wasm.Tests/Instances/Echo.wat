;; Returns what it gets, as http and as state; edge_alloc really allocates.
(module
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 65536))
  (global $allocs (mut i32) (i32.const 0))
  (func (export "edge_alloc") (param $size i32) (result i32) (local $at i32)
    (global.set $allocs (i32.add (global.get $allocs) (i32.const 1)))
    (local.set $at (global.get $top))
    (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $size) (i32.const 65536))))) (then (return (i32.const 0))))
    (global.set $top (i32.mul (memory.size) (i32.const 65536)))
    (local.get $at))
  (func (export "edge_http") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "allocs") (result i32) (global.get $allocs)))
