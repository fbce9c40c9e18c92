;; Traps three functions deep.
(module
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func $mean (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $summarize (param i32) (result i32) (call $mean (i32.const 5) (local.get 0)))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (call $summarize (local.get 3))))
