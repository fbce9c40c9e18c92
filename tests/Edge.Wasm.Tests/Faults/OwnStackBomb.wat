;; Recurses with a stack in its own memory, as C does, until that has wrapped below 0.
(module
  (memory (export "memory") 1)
  (global $stack (mut i32) (i32.const 4096))
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 8192))
  (func $deeper
    (global.set $stack (i32.sub (global.get $stack) (i32.const 256)))
    (i32.store (global.get $stack) (i32.const 1))
    (call $deeper))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32) (call $deeper) (i32.const 0)))
