;; Has the host call back into it.
(module
  (import "test" "back" (func $back (result i32)))
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (call $back)))
