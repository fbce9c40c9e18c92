using Edge.Cluster.Book.Commands;
using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>
/// The book's state machine: the next state and the answer to a command. Pure and deterministic, so that all nodes that apply the same commands hold the same book byte for byte, and
/// total: what cannot be carried out is refused as a value and leaves the book as it was.
/// </summary>
public static class BookMachine
{
    /// <summary>
    /// Applies one command. <see cref="BookState.Index"/> becomes <paramref name="index"/> also when the command is refused or was carried out before (then the answer is the first one's).
    /// An index that the state holds already changes nothing.
    /// </summary>
    /// <exception cref="BookFormatException">The command needs a newer program; nothing was applied.</exception>
    public static (BookState Next, BookOutcome Outcome) Apply(BookState state, ulong index, BookCommand command) => Apply(state, index, command, BookFormat.Current);

    /// <summary>As the public one, for a program that knows formats up to <paramref name="known"/>.</summary>
    internal static (BookState Next, BookOutcome Outcome) Apply(BookState state, ulong index, BookCommand command, uint known)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        BookFormat.Require(command.Format, index, known);
        var key = RememberedAnswers.Key(command);
        if (index <= state.Index)
            return (state, state.Remembered.GetValueOrDefault(key) ?? AlreadyApplied(state, index));
        if (state.Remembered.TryGetValue(key, out var first))
            return (state with { Index = index }, first);

        var draft = new BookDraft(state, index, command);
        Carry(draft, command);
        var next = draft.Finish();
        BookFormat.Require(BookFormat.Of(next.Site), index, known);
        return (RememberedAnswers.Add(next, key, draft.Outcome), draft.Outcome);
    }

    private static void Carry(BookDraft draft, BookCommand command)
    {
        if (command.RequestId.Length > BookLimits.RequestIdBytes)
            draft.Refuse(RefusalReason.Invalid, "request", $"The request id has {command.RequestId.Length} bytes; at most {BookLimits.RequestIdBytes} are allowed. Use 16 random bytes.");
        else if (draft.State.Site is null && command.ChangeCase is not BookCommand.ChangeOneofCase.FoundSite)
            draft.Refuse(RefusalReason.Invalid, "site", "The book is empty: no site was founded in it. Found the site first.");
        else if (command.Format > BookFormat.Of(draft.State.Site))
            draft.Refuse(RefusalReason.Format, "site", $"The command needs book format {command.Format}; the site's book has format {BookFormat.Of(draft.State.Site)}. It is raised when every node that may vote runs a program that knows it.");
        else
            Dispatch(draft, command);
    }

    private static void Dispatch(BookDraft draft, BookCommand command)
    {
        switch (command.ChangeCase)
        {
            case BookCommand.ChangeOneofCase.FoundSite: SiteCommands.Found(draft, command.FoundSite); break;
            case BookCommand.ChangeOneofCase.RaiseFormat: SiteCommands.RaiseFormat(draft, command.RaiseFormat); break;
            case BookCommand.ChangeOneofCase.NameVoters: SiteCommands.NameVoters(draft, command.NameVoters); break;
            case BookCommand.ChangeOneofCase.BeginIncarnation: SiteCommands.BeginIncarnation(draft, command.BeginIncarnation); break;
            case BookCommand.ChangeOneofCase.IssueToken: TokenCommands.Issue(draft, command.IssueToken); break;
            case BookCommand.ChangeOneofCase.RevokeToken: TokenCommands.Revoke(draft, command.RevokeToken); break;
            case BookCommand.ChangeOneofCase.ChangeKey: KeyCommands.Change(draft, command.ChangeKey); break;
            case BookCommand.ChangeOneofCase.AdmitNode: AdmitCommand.Admit(draft, command.AdmitNode); break;
            case BookCommand.ChangeOneofCase.UpdateNode: NodeCommands.Update(draft, command.UpdateNode); break;
            case BookCommand.ChangeOneofCase.RemoveNode: NodeCommands.Remove(draft, command.RemoveNode); break;
            case BookCommand.ChangeOneofCase.CordonNode: NodeCommands.Cordon(draft, command.CordonNode); break;
            case BookCommand.ChangeOneofCase.ApplyResources: ResourceCommands.Apply(draft, command.ApplyResources); break;
            case BookCommand.ChangeOneofCase.DeleteResources: ResourceCommands.Delete(draft, command.DeleteResources); break;
            case BookCommand.ChangeOneofCase.ChangeMembers: MemberCommands.Change(draft, command.ChangeMembers); break;
            case BookCommand.ChangeOneofCase.PlaceActors: PlacementCommands.Place(draft, command.PlaceActors); break;
            case BookCommand.ChangeOneofCase.ReportReleased: PlacementCommands.Released(draft, command.ReportReleased); break;
            default:
                // A later program's command carries a later format and was stopped above; this one says nothing at all.
                draft.Refuse(RefusalReason.Invalid, "command", "The command holds no change that this book format knows. Set one of its changes.");
                break;
        }
    }

    private static BookOutcome AlreadyApplied(BookState state, ulong index) => new()
    {
        Index = index,
        Refusals = { new Refusal { Reason = RefusalReason.Stale, Subject = "command", Message = $"Index {index} is in the book already (it is at {state.Index}), and its answer is no longer remembered. Read the state." } },
    };
}
