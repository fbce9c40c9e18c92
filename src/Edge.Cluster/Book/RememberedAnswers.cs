using Edge.Messages.Book;

namespace Edge.Cluster.Book;

/// <summary>The answers that a book keeps for commands that come again; the last <see cref="BookLimits.Remembered"/> of them.</summary>
internal static class RememberedAnswers
{
    /// <summary>Key of a command's answer; empty when the command has no request id that can be remembered.</summary>
    public static string Key(BookCommand command) => command.RequestId.Length is > 0 and <= BookLimits.RequestIdBytes ? Convert.ToHexString(command.RequestId.Span) : "";

    /// <summary>The state with the answer added, and the oldest forgotten at the bound.</summary>
    public static BookState Add(BookState state, string key, BookOutcome outcome)
    {
        if (key.Length == 0)
            return state;
        var (answers, order) = (state.Remembered, state.RememberedOrder);
        while (answers.Count >= BookLimits.Remembered)
        {
            order = order.Dequeue(out var oldest);
            answers = answers.Remove(oldest);
        }
        return state with { Remembered = answers.Add(key, outcome), RememberedOrder = order.Enqueue(key) };
    }
}
