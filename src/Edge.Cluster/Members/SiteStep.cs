using Edge.Messages.Book;

namespace Edge.Cluster.Members;

/// <summary>The leader's next command to the book. Exactly one of the two is set.</summary>
/// <param name="Members">Members that come or go, with new owners.</param>
/// <param name="Actors">Changes of placements among the members there are.</param>
public sealed record SiteStep(ChangeMembers? Members, PlaceActors? Actors)
{
    /// <summary>As a command of the site itself.</summary>
    /// <param name="requestId">16 random bytes; the same for each repetition.</param>
    /// <param name="timeMicroseconds">UTC by the leader's clock.</param>
    /// <param name="format">Book format that it needs.</param>
    public BookCommand ToCommand(ReadOnlySpan<byte> requestId, long timeMicroseconds, uint format)
    {
        var command = new BookCommand { RequestId = Google.Protobuf.ByteString.CopyFrom(requestId), Who = "site", TimeUs = timeMicroseconds, Format = format };
        if (Members is not null)
            command.ChangeMembers = Members;
        else
            command.PlaceActors = Actors;
        return command;
    }
}
