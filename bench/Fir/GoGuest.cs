using System.ComponentModel;
using System.Diagnostics;

namespace Edge.Bench.Fir;

/// <summary>Builds the filter in Go as a module, with the toolchain of guests/setup.sh or the one on the PATH.</summary>
internal static class GoGuest
{
    /// <summary>The built file, or what is missing.</summary>
    public static async Task<(string? File, string? Missing)> BuildAsync()
    {
        var output = Path.Combine(PeerProgram.WorkFolder(), "fir_go.wasm");
        var start = new ProcessStartInfo(Go(), ["build", "-buildmode=c-shared", "-trimpath", "-o", output, "."])
        {
            WorkingDirectory = Path.GetDirectoryName(SourceTree.File("bench", "peers", "fir_go", "main.go")),
            RedirectStandardError = true,
        };
        start.Environment["GOOS"] = "wasip1";
        start.Environment["GOARCH"] = "wasm";
        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["GOFLAGS"] = "-mod=mod";
        start.Environment["GOCACHE"] = Path.Combine(PeerProgram.WorkFolder(), "go-cache");
        try
        {
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? (output, null) : (null, $"go build failed: {errors.Trim().Split('\n')[0]}");
        }
        catch (Win32Exception)
        {
            return (null, "no Go toolchain; run guests/setup.sh");
        }
    }

    private static string Go()
    {
        var toolchains = Path.Combine(SourceTree.Root, ".toolchains");
        return Directory.Exists(toolchains)
            ? Directory.EnumerateFiles(toolchains, "go", SearchOption.AllDirectories).FirstOrDefault(path => path.EndsWith("/bin/go", StringComparison.Ordinal)) ?? "go"
            : "go";
    }
}
