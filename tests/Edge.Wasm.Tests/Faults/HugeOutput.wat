;; Emits 64 KiB at a time until it is refused; returns how often that went well, or the refusal if the payload is not empty.
(module
  (import "edge" "emit" (func $emit (param i32 i32 i32 i64) (result i32)))
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (local $n i32) (local $code i32)
    (loop $again
      (local.set $code (call $emit (i32.const 0) (i32.const 0) (i32.const 65536) (i64.const 0)))
      (if (i32.ge_s (local.get $code) (i32.const 0)) (then (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $again))))
    (if (result i32) (local.get 3) (then (local.get $code)) (else (local.get $n)))))
