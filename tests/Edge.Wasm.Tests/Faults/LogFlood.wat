;; Logs for ever; returns how many lines were taken before the first was refused, at the latest after 1 000.
(module
  (import "edge" "log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "look at me")
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (local $n i32) (local $taken i32)
    (loop $again
      (if (i32.ge_s (call $log (i32.const 2) (i32.const 0) (i32.const 10)) (i32.const 0)) (then (local.set $taken (i32.add (local.get $taken) (i32.const 1)))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_s (local.get $n) (i32.const 1000))))
    (local.get $taken)))
