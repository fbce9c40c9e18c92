using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.HostFunctions;

/// <summary>
/// <c>http_fetch</c> (guests/ABI.md §6): an HTTP/1.1 request as bytes, in absolute form, goes to a granted host and port; the response comes back as bytes.
/// </summary>
internal static class HttpFetchFunction
{
    /// <summary>The largest response that is handed to a guest, whatever room it offers.</summary>
    public const int ResponseMaxBytes = 16 << 20;

    /// <summary>What is kept of the call's time, so that the guest can still answer; a quarter of it where that is less.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(50);

    public static long Fetch(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (!guest.EffectsAllowed) return EdgeError.State;
        if (!guest.TrySlice(args[0].I32, args[1].I32, out var bytes) || !guest.TrySlice(args[2].I32, args[3].I32, out var buffer)) return 0;
        using var request = HttpRequestBytes.Read(bytes);
        if (request?.RequestUri is not { } target) return EdgeError.Invalid;
        if (!IsGranted(guest, target))
        {
            guest.Denied("net");
            return EdgeError.Denied;
        }

        var left = guest.Remaining;
        var outcome = guest.Http.Send(request, left - (Reserve < left / 4 ? Reserve : left / 4), Math.Min(buffer.Length, ResponseMaxBytes));
        if (outcome.Error != 0) return outcome.Error;
        outcome.Response.Span.CopyTo(buffer);
        return outcome.Response.Length;
    }

    private static bool IsGranted(GuestContext guest, Uri target)
    {
        var host = NetCapability.HostOf(target.Host);
        foreach (var endpoint in guest.Grants.Endpoints)
            if (endpoint.Host == host && endpoint.Port == target.Port) return true;
        return false;
    }
}
