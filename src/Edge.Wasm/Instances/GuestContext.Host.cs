using Edge.Wasm.HostFunctions;

namespace Edge.Wasm.Instances;

// What the host functions keep for an instance, each made on first use: most modules use few of them.
internal sealed partial class GuestContext
{
    // A buffered effect costs the host more than its bytes; so that empty ones are bounded too, each counts this much more.
    private const int BytesPerEffect = 16;

    private GrantTable? _grants;
    private GuestLog? _log;
    private HttpFetchClient? _http;

    /// <summary>The grants by function.</summary>
    public GrantTable Grants => _grants ??= new(Options.Grants);

    /// <summary>The way to the log.</summary>
    public GuestLog Log => _log ??= new(this);

    /// <summary>The connections of <c>http_fetch</c>.</summary>
    public HttpFetchClient Http => _http ??= new(Time);

    /// <summary>Bytes of all pairs as they will be after the call; meaningful after its first put.</summary>
    public long KvBytesAfterCall { get; set; }

    /// <summary>Bytes written to stdout of a command so far.</summary>
    public long StreamedBytes { get; set; }

    /// <summary>Whether the call may hand out <paramref name="bytes"/> more in one effect, by <see cref="Limits.ModuleLimits.OutputMaxBytes"/>.</summary>
    public bool HasRoomFor(long bytes) => RoomLeft - BytesPerEffect >= bytes;

    /// <summary>Bytes that the call may still hand out; below 0 when the last effect overshot by its fixed share.</summary>
    public long RoomLeft => Limits.OutputMaxBytes - StreamedBytes - Effects.ByteCount - ((long)BytesPerEffect * Effects.Count);

    private void DisposeHostState()
    {
        _wasi?.Dispose();
        _http?.Dispose();
        _log?.TellDropped();
    }
}
