;; What the benchmark "calls" calls, in the edge ABI so that the module host takes it: a handler that inverts its payload and emits it.
(module
  (import "edge" "emit" (func $emit (param i32 i32 i32 i64) (result i32)))
  (import "edge" "gpio_read" (func $read (param i32) (result i32)))
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 4096))

  (func (export "edge_alloc") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $top))
    (global.set $top (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 15)) (i32.const -16)))
    (local.get $at))

  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))

  ;; Calls the host n times, with the least that it answers: there is no such line.
  (func (export "callbacks") (param $n i32) (result i32)
    (loop $next
      (drop (call $read (i32.const 0)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.const 0))

  (func (export "edge_handle")
    (param $topic i32) (param $topic_len i32) (param $payload i32) (param $len i32) (param $time i64) (result i32)
    (local $at i32) (local $end i32)
    (local.set $at (local.get $payload))
    (local.set $end (i32.add (local.get $payload) (local.get $len)))
    (loop $next
      (v128.store (local.get $at) (v128.not (v128.load (local.get $at))))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (call $emit (i32.const 0) (local.get $payload) (local.get $len) (i64.const 0))))
