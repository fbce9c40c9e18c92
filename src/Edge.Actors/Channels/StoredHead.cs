using Edge.Messages.Book;
using Edge.Messages.Channels;
using Google.Protobuf;

namespace Edge.Actors.Channels;

/// <summary>What a channel's stored head says: how far the state is, under which placement it was written, and whether it came as a copy.</summary>
/// <param name="Position">All keys' states have seen everything up to here.</param>
/// <param name="Epoch">Placement under which it was committed; null before there was a site.</param>
/// <param name="Copy">Number of the copy that brought it here; 0 for a commit of this node's own.</param>
internal sealed record StoredHead(Position Position, Epoch? Epoch, long Copy)
{
    /// <summary>Newest format of the head that this code reads, and the one that it writes.</summary>
    public const uint Format = 2;

    /// <summary>Reads a head. A head of format 1 was written by a node on its own: its position is a cursor in <paramref name="log"/>.</summary>
    /// <exception cref="ChannelStateDamagedException">It is of a newer format, or no head at all.</exception>
    public static StoredHead Of(ChannelId channel, StoredChannel stored, string log)
    {
        try
        {
            var head = ChannelHead.Parser.ParseFrom(stored.Head.Span);
            if (head.Format > Format)
            {
                throw new ChannelStateDamagedException(
                    $"State of channel '{channel}' has format {head.Format}; this version reads up to {Format}. Start the newer version again, or remove the channel's state.");
            }

            return new(head.Format < 2 ? Position.Of(log, stored.Position) : Position.Of(head.Cursors), head.Epoch, head.Copy);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new ChannelStateDamagedException($"State of channel '{channel}' cannot be read: {broken.Message}");
        }
    }

    /// <summary>As a commit carries it.</summary>
    public byte[] Encode()
    {
        var head = new ChannelHead { Format = Format, Epoch = Epoch, Copy = Copy };
        foreach (var (log, sequence) in Position.Cursors) head.Cursors.Add(log, sequence);
        return head.ToByteArray();
    }
}
