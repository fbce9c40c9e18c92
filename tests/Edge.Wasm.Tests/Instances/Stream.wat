;; Returns a field of the header, chosen by the first sample.
(module
  (memory (export "memory") 1)
  (func (export "edge_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "edge_stream") (param $header i32) (param $samples i32) (param $n i32) (result i32)
    (if (i32.eq (i32.load (local.get $samples)) (i32.const -1)) (then (return (local.get $n))))
    (i32.load (i32.add (local.get $header) (i32.load (local.get $samples))))))
