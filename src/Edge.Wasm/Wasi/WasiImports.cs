using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;
using static Edge.Wasm.Native.ValueKind;

namespace Edge.Wasm.Wasi;

/// <summary>
/// WASI preview 1 as a table (guests/ABI.md §8). All functions are the host's own: a denial must be counted, a sleep bounded, and stdin and stdout belong to the job.
/// Signatures: the specification's <c>wasi_snapshot_preview1</c>, phases/snapshot in github.com/WebAssembly/WASI.
/// </summary>
internal static class WasiImports
{
    private const string Module = "wasi_snapshot_preview1";
    private const string Clock = "clock";
    private const string Files = "fs";

    private delegate Errno WasiFunction(GuestContext guest, ReadOnlySpan<ValueRaw> args);

    public static IReadOnlyList<HostImport> All { get; } =
    [
        Of("args_get", null, ProcessFunctions.Arguments, I32, I32),
        Of("args_sizes_get", null, ProcessFunctions.ArgumentSizes, I32, I32),
        Of("environ_get", null, ProcessFunctions.Environment, I32, I32),
        Of("environ_sizes_get", null, ProcessFunctions.EnvironmentSizes, I32, I32),
        new(Module, "proc_exit", [I32], [], null, static (guest, args) => guest.Exit(args[0].I32)),
        Of("sched_yield", null, ProcessFunctions.Yield),
        Of("random_get", "random", ProcessFunctions.Random, I32, I32),

        Of("clock_res_get", Clock, ClockFunctions.Resolution, I32, I32),
        Of("clock_time_get", Clock, ClockFunctions.Now, I32, I64, I32),
        Of("poll_oneoff", null, PollFunction.Poll, I32, I32, I32, I32),

        Of("fd_read", null, TransferFunctions.Read, I32, I32, I32, I32),
        Of("fd_pread", null, TransferFunctions.ReadAt, I32, I32, I32, I64, I32),
        Of("fd_write", null, TransferFunctions.Write, I32, I32, I32, I32),
        Of("fd_pwrite", null, TransferFunctions.WriteAt, I32, I32, I32, I64, I32),
        Of("fd_seek", null, TransferFunctions.Seek, I32, I64, I32, I32),
        Of("fd_tell", null, TransferFunctions.Tell, I32, I32),

        Of("fd_close", null, DescriptorFunctions.Close, I32),
        Of("fd_renumber", null, DescriptorFunctions.Renumber, I32, I32),
        Of("fd_fdstat_get", null, DescriptorFunctions.Status, I32, I32),
        Of("fd_fdstat_set_flags", null, DescriptorFunctions.SetFlags, I32, I32),
        Of("fd_fdstat_set_rights", null, DescriptorFunctions.SetRights, I32, I64, I64),
        Of("fd_prestat_get", null, DescriptorFunctions.Prestat, I32, I32),
        Of("fd_prestat_dir_name", null, DescriptorFunctions.PrestatName, I32, I32, I32),

        Of("fd_advise", null, FileFunctions.Advise, I32, I64, I64, I32),
        Of("fd_allocate", null, FileFunctions.Allocate, I32, I64, I64),
        Of("fd_datasync", null, FileFunctions.SyncContent, I32),
        Of("fd_sync", null, FileFunctions.Sync, I32),
        Of("fd_filestat_get", null, FileFunctions.Stat, I32, I32),
        Of("fd_filestat_set_size", null, FileFunctions.SetSize, I32, I64),
        Of("fd_filestat_set_times", null, FileFunctions.SetTimes, I32, I64, I64, I32),
        Of("fd_readdir", Files, ListFunction.List, I32, I32, I32, I64, I32),

        Of("path_open", Files, OpenFunction.Open, I32, I32, I32, I32, I32, I64, I64, I32, I32),
        Of("path_filestat_get", Files, PathFunctions.Stat, I32, I32, I32, I32, I32),
        Of("path_filestat_set_times", Files, PathFunctions.SetTimes, I32, I32, I32, I32, I64, I64, I32),
        Of("path_readlink", Files, PathFunctions.ReadLink, I32, I32, I32, I32, I32, I32),
        Of("path_create_directory", Files, PathFunctions.CreateFolder, I32, I32, I32),
        Of("path_remove_directory", Files, PathFunctions.RemoveFolder, I32, I32, I32),
        Of("path_unlink_file", Files, PathFunctions.RemoveFile, I32, I32, I32),
        Of("path_rename", Files, PathFunctions.Rename, I32, I32, I32, I32, I32, I32),
        Of("path_link", Files, PathFunctions.Link, I32, I32, I32, I32, I32, I32, I32),
        Of("path_symlink", Files, PathFunctions.SymbolicLink, I32, I32, I32, I32, I32),

        Of("sock_accept", null, Unsupported, I32, I32, I32),
        Of("sock_recv", null, Unsupported, I32, I32, I32, I32, I32, I32),
        Of("sock_send", null, Unsupported, I32, I32, I32, I32, I32),
        Of("sock_shutdown", null, Unsupported, I32, I32),
    ];

    private static HostImport Of(string name, string? capability, WasiFunction body, params ValueKind[] parameters) =>
        new(Module, name, parameters, [I32], capability, (guest, args) => (long)body(guest, args));

    private static Errno Unsupported(GuestContext guest, ReadOnlySpan<ValueRaw> args) => Errno.Notsup;
}
