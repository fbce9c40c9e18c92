using System.Text.Json;
using Edge.Actors.Channels.Payloads;
using Edge.Actors.Intake;
using Edge.Messages.Channels;

namespace Edge.Actors.Channels.Outputs;

/// <summary>
/// Writes refused readings as messages for the channel's dead-letter topic: JSON with reason, detail, topic, client, time and the payload in base64. Sampled: at most
/// <see cref="DeadLetterSpec.PerSecond"/> a second, a second's worth at once; readings that made the module fail always go. Pure but for the time that the caller brings.
/// </summary>
internal sealed class DeadLetters(ChannelId channel, DeadLetterSpec? spec, string run)
{
    private double _allowed = spec?.PerSecond ?? 0;
    private TimeSpan _refilled;
    private long _volatile;

    /// <summary>The dead letter for a reading, or null when the channel has no such topic or the rate is used up.</summary>
    public OutboundMessage? For(in InboxEntry entry, DropReason reason, string detail, TimeSpan now)
    {
        if (spec is null || !Allowed(reason, now)) return null;
        // A logged reading's letter has the same id when the reading comes again after a crash.
        var id = entry.Logged ? $"{channel}/dead/{entry.Log}:{entry.Place}" : $"{channel}/dead/{run}.{++_volatile}";
        return new(channel.Tenant, spec.Topic, Letter(entry, reason, detail), Qos: 0, Retain: false, id, TraceParent: null, TraceState: null);
    }

    private bool Allowed(DropReason reason, TimeSpan now)
    {
        if (reason is DropReason.Poison or DropReason.GuestError or DropReason.Replay) return true;
        _allowed = Math.Min(spec!.PerSecond, _allowed + (now - _refilled).TotalSeconds * spec.PerSecond);
        _refilled = now;
        if (_allowed < 1) return false;
        _allowed--;
        return true;
    }

    private byte[] Letter(in InboxEntry entry, DropReason reason, string detail)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, reason.Name());
            json.WriteString("detail"u8, detail);
            json.WriteString("channel"u8, channel.ToString());
            json.WriteString("topic"u8, entry.Reading.Topic);
            json.WriteString("client"u8, entry.Reading.ClientId);
            json.WriteNumber("qos"u8, entry.Reading.Qos);
            json.WriteNumber("arrival_us"u8, entry.Reading.ArrivalUs);
            json.WriteBase64String("payload"u8, entry.Reading.Payload.Span);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
