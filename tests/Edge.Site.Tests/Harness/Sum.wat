;; A handler whose answers show what its state went through: a message is a number of 8 bytes; out go the number, how many messages were counted so far, and the sum of their numbers.
;; A message that is processed twice, or not at all, is in every later answer.
(module
  (import "edge" "emit" (func $emit (param i32 i32 i32 i64) (result i32)))
  (memory (export "memory") 64)
  (global $next (mut i32) (i32.const 4096))
  (func (export "edge_alloc") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $next))
    (global.set $next (i32.and (i32.add (i32.add (global.get $next) (local.get $size)) (i32.const 15)) (i32.const -16)))
    (local.get $at))
  (func (export "edge_handle") (param $topic i32) (param $topic_len i32) (param $payload i32) (param $len i32) (param $time i64) (result i32)
    (if (i32.ne (local.get $len) (i32.const 8)) (then (return (i32.const -1))))
    (i64.store (i32.const 0) (i64.load (local.get $payload)))
    (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (i64.const 1)))
    (i64.store (i32.const 16) (i64.add (i64.load (i32.const 16)) (i64.load (local.get $payload))))
    (call $emit (i32.const 0) (i32.const 0) (i32.const 24) (i64.const 0)))
  (func (export "edge_snapshot") (result i64) (i64.const 34359738384)) ;; 8 << 32 | 16
  (func (export "edge_restore") (param $at i32) (param $len i32) (result i32)
    (i64.store (i32.const 8) (i64.load (local.get $at)))
    (i64.store (i32.const 16) (i64.load offset=8 (local.get $at)))
    (i32.const 0)))
