namespace Edge.Node.Tests.Hosting;

/// <summary>The smallest guests that show a node's promises, and manifests that use them.</summary>
internal static class Guests
{
    /// <summary>Handler: emits how many messages it has handled so far (i64); traps on a payload that begins with '!', before it counts.</summary>
    public const string Counter = """
        (module
          (import "edge" "emit" (func $emit (param i32 i32 i32 i64) (result i32)))
          (memory (export "memory") 4)
          (global $free (mut i32) (i32.const 4096))
          (func (export "edge_alloc") (param $size i32) (result i32)
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -16)))))
          (func (export "edge_handle") (param $topic i32) (param $topic_len i32) (param $payload i32) (param $len i32) (param $time i64) (result i32)
            (if (i32.gt_s (local.get $len) (i32.const 0))
              (then (if (i32.eq (i32.load8_u (local.get $payload)) (i32.const 33)) (then (unreachable)))))
            (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (i64.const 1)))
            (call $emit (i32.const 0) (i32.const 8) (i32.const 8) (i64.const 0)))
          (func (export "edge_snapshot") (result i64) (i64.const 0x0000000800000008))
          (func (export "edge_restore") (param $state i32) (param $len i32) (result i32)
            (i64.store (i32.const 8) (i64.load (local.get $state)))
            (i32.const 0)))
        """;

    /// <summary>Stream: emits the sum of each block's f32 samples.</summary>
    public const string Sum = """
        (module
          (import "edge" "emit" (func $emit (param i32 i32 i32 i64) (result i32)))
          (memory (export "memory") 4)
          (global $free (mut i32) (i32.const 4096))
          (func (export "edge_alloc") (param $size i32) (result i32)
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -16)))))
          (func (export "edge_stream") (param $header i32) (param $samples i32) (param $n i32) (result i32)
            (f32.store (i32.const 8) (f32.const 0))
            (loop $next
              (f32.store (i32.const 8) (f32.add (f32.load (i32.const 8)) (f32.load (local.get $samples))))
              (local.set $samples (i32.add (local.get $samples) (i32.const 4)))
              (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (call $emit (i32.const 0) (i32.const 8) (i32.const 4) (i64.const 0))))
        """;

    /// <summary>Counts messages of <c>in/#</c> (or another source) to <c>out/count</c>; duplicates are told by the user property <c>seq</c>; refused ones go to <c>dead</c>.</summary>
    public static NodeFolder WithCounter(this NodeFolder folder, string channel = "counts", string output = "out/count", string source = "in/#", string sequence = "sequence: {property: seq}", string format = "bytes") => folder
        .WithModule("counter.wasm", Counter)
        .With("counter.yaml", Module("counter"))
        .With($"{channel}.yaml", $$"""
            apiVersion: edge/v1
            kind: Channel
            metadata: {name: {{channel}}}
            spec:
              source:
                topic: {{source}}
                payload: {format: bytes}
                {{sequence}}
              module: counter
              ports:
                out: {topic: {{output}}, qos: 1, format: {{format}}}
              commit: {every: 50ms}
              deadLetters: {topic: dead}
            """);

    /// <summary>Sums blocks of ten numbers of <c>numbers</c> to <c>sums</c>.</summary>
    public static NodeFolder WithSum(this NodeFolder folder) => folder
        .WithModule("sum.wasm", Sum)
        .With("sum.yaml", Module("sum"))
        .With("sums.yaml", """
            apiVersion: edge/v1
            kind: Channel
            metadata: {name: sums}
            spec:
              source: {topic: numbers, payload: {format: json}}
              block: {count: 10}
              module: sum
              ports:
                out: {topic: sums, qos: 1, format: csv}
              deadLetters: {topic: dead}
            """);

    private static string Module(string name) => $$"""
        apiVersion: edge/v1
        kind: Module
        metadata: {name: {{name}}}
        spec:
          file: {{name}}.wasm
          ports: [out]
        """;
}
