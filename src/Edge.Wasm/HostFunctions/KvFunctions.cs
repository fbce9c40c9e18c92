using System.Text;
using System.Text.Unicode;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;

namespace Edge.Wasm.HostFunctions;

/// <summary>
/// <c>kv_get</c> and <c>kv_put</c> (guests/ABI.md §6). A put is an effect of the call; a get sees the puts of its own call before the committed pairs.
/// </summary>
internal static class KvFunctions
{
    private const int KeyMax = 256;
    private const int DeleteLength = -1;

    public static long Get(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        if (!guest.TrySlice(args[0].I32, args[1].I32, out var key) || !guest.TrySlice(args[2].I32, args[3].I32, out var buffer)) return 0;
        if (!IsKey(key)) return EdgeError.Invalid;
        if (!TryFind(guest, key, out var value)) return EdgeError.NotFound;
        if (value.Length <= buffer.Length) value.CopyTo(buffer);
        return value.Length;
    }

    public static long Put(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var length = args[3].I32;
        var delete = length == DeleteLength;
        if (!guest.EffectsAllowed) return EdgeError.State;
        if (!guest.TrySlice(args[0].I32, args[1].I32, out var key) || !guest.TrySlice(args[2].I32, delete ? 0 : length, out var value)) return 0;
        if (!IsKey(key)) return EdgeError.Invalid;
        if (!guest.HasRoomFor(key.Length + (long)value.Length)) return EdgeError.Limit;

        // The size after this call: what was there, changed put by put.
        var before = guest.Effects.KvWrites.Count == 0 ? guest.Kv.ByteCount : guest.KvBytesAfterCall;
        var after = before - (TryFind(guest, key, out var old) ? key.Length + old.Length : 0) + (delete ? 0 : key.Length + value.Length);
        if (!delete && after > guest.Grants.KvMaxBytes) return EdgeError.Limit;
        guest.KvBytesAfterCall = after;
        guest.Effects.KvWrites.Add(new(guest.Effects.Add(key), guest.Effects.Add(value), delete));
        return 0;
    }

    private static bool IsKey(ReadOnlySpan<byte> key) => key.Length is >= 1 and <= KeyMax && Utf8.IsValid(key);

    private static bool TryFind(GuestContext guest, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        var writes = guest.Effects.KvWrites;
        for (var i = writes.Count - 1; i >= 0; i--)
        {
            if (!guest.Effects.Span(writes[i].Key).SequenceEqual(key)) continue;
            value = guest.Effects.Span(writes[i].Value);
            return !writes[i].Deleted;
        }
        var committed = guest.Kv.Get(Encoding.UTF8.GetString(key));
        value = committed;
        return committed is not null;
    }
}
