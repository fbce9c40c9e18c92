;; Refuses every config.
(module
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_init") (param i32 i32) (result i32) (i32.const -1))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (i32.const 0)))
