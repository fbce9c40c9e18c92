using System.Text;
using Edge.Wasm.Capabilities;
using Edge.Wasm.Instances;
using Edge.Wasm.Native;
using Microsoft.Extensions.Logging;

namespace Edge.Wasm.HostFunctions;

/// <summary>What a guest hands out: <c>emit</c>, <c>publish</c>, <c>metric</c> and <c>log</c> (guests/ABI.md §6).</summary>
internal static class OutputFunctions
{
    private const int QosMask = 3;
    private const int RetainFlag = 4;
    private const int MetricNameMax = 64;

    public static long Emit(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var port = args[0].I32;
        if (!guest.EffectsAllowed) return EdgeError.State;
        if (port < 0 || (guest.Options.PortCount > 0 && port >= guest.Options.PortCount)) return EdgeError.Invalid;
        if (!guest.TrySlice(args[1].I32, args[2].I32, out var payload)) return 0;
        if (!guest.HasRoomFor(payload.Length)) return EdgeError.Limit;
        guest.Effects.Emits.Add(new(port, args[3].I64, guest.Effects.Add(payload)));
        return 0;
    }

    public static long Publish(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var flags = args[4].I32;
        var qos = flags & QosMask;
        if (!guest.EffectsAllowed) return EdgeError.State;
        if (!guest.TrySlice(args[0].I32, args[1].I32, out var topic) || !guest.TrySlice(args[2].I32, args[3].I32, out var payload)) return 0;
        if (qos == QosMask || (flags & ~(QosMask | RetainFlag)) != 0 || !PublishTopics.IsTopic(topic)) return EdgeError.Invalid;
        if (!guest.Grants.AllowsTopic(topic))
        {
            guest.Denied("mqtt");
            return EdgeError.Denied;
        }
        if (!guest.HasRoomFor(topic.Length + (long)payload.Length)) return EdgeError.Limit;
        guest.Effects.Publishes.Add(new(guest.Effects.Add(topic), guest.Effects.Add(payload), (byte)qos, (flags & RetainFlag) != 0));
        return 0;
    }

    public static long Metric(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var value = args[2].F64;
        if (!guest.EffectsAllowed) return EdgeError.State;
        if (!guest.TrySlice(args[0].I32, args[1].I32, out var name)) return 0;
        if (name.Length is < 1 or > MetricNameMax || name.ContainsAnyExcept(MetricNameBytes) || !double.IsFinite(value)) return EdgeError.Invalid;
        if (!guest.HasRoomFor(name.Length)) return EdgeError.Limit;
        if (!guest.Metrics.GuestNames.TryUse(guest.Options.Tenant, guest.Options.Module, Encoding.ASCII.GetString(name))) return EdgeError.Limit;
        guest.Effects.Metrics.Add(new(guest.Effects.Add(name), value));
        return 0;
    }

    public static long Log(GuestContext guest, ReadOnlySpan<ValueRaw> args)
    {
        var level = args[0].I32;
        if (!guest.TrySlice(args[1].I32, args[2].I32, out var text)) return 0;
        if (level is < (int)LogLevel.Trace or > (int)LogLevel.Error) return EdgeError.Invalid;
        return guest.Log.Write((LogLevel)level, text) ? 0 : EdgeError.Limit;
    }

    private static readonly System.Buffers.SearchValues<byte> MetricNameBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_."u8);
}
