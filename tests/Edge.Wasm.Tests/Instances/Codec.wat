;; Consumes what the first byte says.
(module
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_encode") (param i32 i32) (result i32) (local.get 1))
  (func (export "edge_decode") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))
