using System.Buffers;
using System.Runtime.InteropServices;
using Edge.Node.Guests;
using Edge.Node.Tests.Hosting;
using Edge.Node.Tests.Storage;
using Edge.Wasm.Instances;

namespace Edge.Node.Tests.Guests;

/// <summary>Programs as people write them, with the SDK's packages and the language's own files: built by the real toolchain, run by the real host.</summary>
public sealed class GuestProgramTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_go_module_takes_blocks_reads_its_config_and_keeps_its_state()
    {
        var wasm = await BuildAsync("go", """
            package main

            import (
                "encoding/binary"
                "strconv"

                "edge"
                "edge/config"
                "edge/state"
                "edge/stream"
            )

            var settings = struct{ Gain float32 }{1}
            var seen uint32

            func init() {
                config.Into(&settings)
                state.Keep(
                    func() ([]byte, error) { return binary.LittleEndian.AppendUint32(nil, seen), nil },
                    func(b []byte) error { seen = binary.LittleEndian.Uint32(b); return nil })
                stream.Handle(func(b *stream.Block) error {
                    for i := range b.F32 {
                        b.F32[i] *= settings.Gain
                    }
                    seen += uint32(len(b.F32))
                    if err := stream.EmitF32(0, b.F32); err != nil {
                        return err
                    }
                    return edge.Emit(1, strconv.AppendUint(nil, uint64(seen), 10))
                })
            }

            func main() {}
            """);
        using var bench = new Bench();
        using var module = bench.Load(await File.ReadAllBytesAsync(wasm, TestContext.Current.CancellationToken));
        var snapshot = new ArrayBufferWriter<byte>();
        using (var first = bench.Start(module, """{"gain":2}""", grants: ["clock", "random"]))
        {
            Stream(first, 1, 2, 3);
            Assert.Equal([2f, 4f, 6f], MemoryMarshal.Cast<byte, float>(first.Effects.Span(first.Effects.Emits[0].Payload)).ToArray());
            Assert.Equal("3", Bench.Port(first, 1));
            Assert.Null(first.Snapshot(snapshot).Fault);
        }

        using var second = bench.Start(module, """{"gain":2}""", snapshot.WrittenSpan.ToArray(), grants: ["clock", "random"]);
        Stream(second, 1);
        Assert.Equal("4", Bench.Port(second, 1));
    }

    [Fact]
    public async Task A_go_program_uses_its_folders_and_no_other()
    {
        var wasm = await BuildAsync("go", """
            package main

            import (
                "fmt"
                "os"
            )

            func must(err error) {
                if err != nil {
                    fmt.Println(err)
                    os.Exit(1)
                }
            }

            func main() {
                text, err := os.ReadFile("/in/greeting.txt")
                must(err)
                must(os.Mkdir("/out/sub", 0o755))
                must(os.WriteFile("/out/sub/new.txt", append(text, '!'), 0o644))
                must(os.Rename("/out/sub/new.txt", "/out/copy.txt"))
                must(os.Remove("/out/sub"))
                entries, err := os.ReadDir("/in")
                must(err)
                for _, entry := range entries {
                    fmt.Println(entry.Name())
                }
                fmt.Println(os.WriteFile("/in/more.txt", nil, 0o644) != nil)
                _, err = os.ReadFile("/in/link.txt")
                fmt.Println(err != nil)
                _, err = os.ReadFile("/secret.txt")
                fmt.Println(err != nil)
            }
            """, command: true);
        Files();
        await File.WriteAllTextAsync(_folder["files/secret.txt"], "no", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(_folder["files/in/link.txt"], _folder["files/secret.txt"]);

        var (exitCode, output, errors) = await RunAsync(wasm, "clock", "random");

        Assert.True(exitCode == 0, output + errors);
        Assert.Equal("greeting.txt link.txt true true true", string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("hello!", await File.ReadAllTextAsync(_folder["files/out/copy.txt"], TestContext.Current.CancellationToken));
        Assert.Equal(["copy.txt"], Directory.EnumerateFileSystemEntries(_folder["files/out"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_c_module_uses_stdio_in_its_folders()
    {
        var wasm = await BuildAsync("c", """
            #define EDGE_USE_MALLOC
            #include "edge.h"
            #include <stdio.h>

            EDGE_HANDLER
            {
                char text[64];
                FILE *in = fopen("/in/greeting.txt", "r");
                if (!in) return -101;
                size_t n = fread(text, 1, sizeof text, in);
                fclose(in);
                FILE *out = fopen("/out/copy.txt", "w");
                if (!out || fwrite(text, 1, n, out) != n || fclose(out)) return -102;
                if (fopen("/in/more.txt", "w")) return -103;
                return edge_emit(0, text, n, 0);
            }
            """);
        Files();

        var (exitCode, output, errors) = await RunAsync(wasm);

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("emit 0 hello", output, StringComparison.Ordinal);
        Assert.Equal("hello", await File.ReadAllTextAsync(_folder["files/out/copy.txt"], TestContext.Current.CancellationToken));
    }

    private async Task<string> BuildAsync(string language, string source, bool command = false)
    {
        await SourceTree.NeedToolchain(language);
        var project = _folder["program"];
        GuestProject.Write(project, "program", language);
        var main = Directory.EnumerateFiles(project, language == "go" ? "*.go" : "*.c").Single();
        await File.WriteAllTextAsync(main, source, TestContext.Current.CancellationToken);
        if (command) await File.WriteAllTextAsync(Path.Combine(project, "command"), "", TestContext.Current.CancellationToken);
        var built = await GuestBuild.RunAsync(project, debug: false, TestContext.Current.CancellationToken);
        return built.Module ?? throw new InvalidOperationException(built.Mistake);
    }

    private void Files()
    {
        Directory.CreateDirectory(_folder["files/in"]);
        Directory.CreateDirectory(_folder["files/out"]);
        File.WriteAllText(_folder["files/in/greeting.txt"], "hello");
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string wasm, params string[] grants) => EdgeProcess.RunAsync(
        ["run", wasm, "--files", _folder["files"], "--input", _folder["files/in/greeting.txt"],
            .. ((string[])["fs:/in:ro", "fs:/out:rw", .. grants]).SelectMany(grant => (string[])["--grant", grant])]);

    private static void Stream(ModuleInstance instance, params float[] samples)
    {
        var outcome = instance.Stream(new(0, 100, SampleType.F32, BlockFlags.None, 0), MemoryMarshal.AsBytes(samples.AsSpan()));
        Assert.True(outcome.Succeeded, outcome.Fault?.Message);
    }
}
