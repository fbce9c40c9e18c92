;; Recurses without end.
(module
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (call $deeper (i32.const 1))))
