;; Fills all memory it can get and a table with what the next tenant must not see.
(module
  (memory (export "memory") 2)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 4096))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (memory.fill (i32.const 0) (i32.const 0x5e) (i32.mul (memory.size) (i32.const 65536)))
    (i32.const 0)))
