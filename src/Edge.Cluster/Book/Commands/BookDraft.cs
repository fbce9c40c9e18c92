using System.Globalization;
using Edge.Messages.Book;

namespace Edge.Cluster.Book.Commands;

/// <summary>
/// One command on its way into the book: what it makes of the state, what speaks against it, and what the audit log will say. If anything speaks against it, nothing of it stays.
/// Lives for one command.
/// </summary>
internal sealed class BookDraft(BookState before, ulong index, BookCommand command)
{
    private readonly BookState _before = before;
    private readonly List<AuditEntry> _audit = [];
    private int _refused;

    /// <summary>State with the command's changes so far.</summary>
    public BookState State { get; set; } = before;

    /// <summary>Book index of the command.</summary>
    public ulong Index { get; } = index;

    /// <summary>UTC microseconds by the leader's clock.</summary>
    public long TimeUs { get; } = command.TimeUs;

    /// <summary>The answer.</summary>
    public BookOutcome Outcome { get; } = new() { Index = index };

    /// <summary>Whether anything speaks against the command.</summary>
    public bool IsRefused => _refused > 0;

    /// <summary>Epoch of what this command places.</summary>
    public Epoch Epoch => new() { Incarnation = State.Site?.Incarnation ?? 0, Index = Index };

    /// <summary>Notes what speaks against the command; the rest is still looked at, so that all of it is told at once.</summary>
    public void Refuse(RefusalReason reason, string subject, string message, ulong expected = 0, ulong found = 0)
    {
        _refused++;
        if (_refused <= BookLimits.Refusals)
            Outcome.Refusals.Add(new Refusal { Reason = reason, Subject = subject, Message = message, ExpectedVersion = expected, FoundVersion = found });
    }

    /// <summary>Notes what the audit log says if the command is carried out.</summary>
    public void Audit(string verb, string subject, string detail = "") =>
        _audit.Add(new AuditEntry { Index = Index, TimeUs = TimeUs, Who = command.Who, Verb = verb, Subject = subject, Detail = detail });

    /// <summary>The next state: with the changes and their audit entries, or as before when the command was refused.</summary>
    public BookState Finish()
    {
        if (!IsRefused)
            return WithAudit(State) with { Index = Index };
        if (_refused > BookLimits.Refusals)
        {
            var more = Outcome.Refusals[^1];
            more.Message += string.Create(CultureInfo.InvariantCulture, $" And {_refused - BookLimits.Refusals} more refusals.");
        }
        return _before with { Index = Index };
    }

    private BookState WithAudit(BookState state)
    {
        var (log, count) = (state.Audit, state.AuditCount);
        foreach (var entry in _audit)
        {
            if (count == BookLimits.Audit)
                log = log.Dequeue();
            else
                count++;
            log = log.Enqueue(entry);
        }
        return state with { Audit = log, AuditCount = count };
    }
}
