;; Grows its table until it is refused, and returns how often that went well.
(module
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_handle") (param i32 i32 i32 i32 i64) (result i32)
    (loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1))))
    (table.size $t)))
