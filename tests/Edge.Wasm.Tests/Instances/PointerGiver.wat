;; Gives the host function the pointer (time's low half) and length (time's high half).
(module
  (import "test" "sum" (func $sum (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32)
    (call $sum (i32.wrap_i64 (local.get 4)) (i32.wrap_i64 (i64.shr_u (local.get 4) (i64.const 32))))))
