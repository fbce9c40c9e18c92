;; An http guest whose result is what the test asks for: the first 8 bytes of the request.
(module
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_http") (param i32 i32) (result i64) (i64.load (local.get 0))))
