using Edge.Messages.Channels;

namespace Edge.Actors.Channels.Windows;

/// <summary>How a reading's own number stands to those before it.</summary>
internal enum SequenceVerdict
{
    /// <summary>The number after the highest so far, or the first.</summary>
    Next,

    /// <summary>Higher than the next: numbers between are missing.</summary>
    Ahead,

    /// <summary>Lower than the highest, not seen before.</summary>
    Behind,

    /// <summary>Seen before.</summary>
    Duplicate,

    /// <summary>The producer began to count anew.</summary>
    Restarted,
}

/// <summary>
/// Tells readings that came before by their own number: the sliding window of RFC 6479, 1 024 numbers wide. Pure. A producer that begins to count anew is known by a number
/// far below the window, or by a seen number with a newer time of its own.
/// </summary>
internal sealed class DuplicateFilter
{
    /// <summary>Numbers below the highest that are told apart.</summary>
    public const int Width = 1024;

    private readonly ulong[] _seen = new ulong[Width / 64];
    private bool _started;
    private long _highest;

    /// <summary>Judges a number and remembers it.</summary>
    /// <param name="number">The reading's own number.</param>
    /// <param name="newerTime">Whether the producer's own time in it is newer than all before: then it is no second copy.</param>
    public SequenceVerdict Judge(long number, bool newerTime)
    {
        if (!_started) return Restart(number, SequenceVerdict.Next);
        if (number > _highest) return Advance(number);
        if ((ulong)_highest - (ulong)number >= Width) return Restart(number, SequenceVerdict.Restarted);
        if (Seen(number)) return newerTime ? Restart(number, SequenceVerdict.Restarted) : SequenceVerdict.Duplicate;
        Mark(number);
        return SequenceVerdict.Behind;
    }

    /// <summary>For the key's state; null when nothing was seen.</summary>
    public SequenceWindow? Save()
    {
        if (!_started) return null;
        var saved = new SequenceWindow { Started = true, Highest = _highest };
        saved.Seen.AddRange(_seen);
        return saved;
    }

    /// <summary>Goes on from a saved state; null has seen nothing.</summary>
    public void Load(SequenceWindow? saved)
    {
        Array.Clear(_seen);
        (_started, _highest) = (saved?.Started ?? false, saved?.Highest ?? 0);
        for (var i = 0; i < Math.Min(_seen.Length, saved?.Seen.Count ?? 0); i++) _seen[i] = saved!.Seen[i];
    }

    private SequenceVerdict Restart(long number, SequenceVerdict verdict)
    {
        Array.Clear(_seen);
        (_started, _highest) = (true, number);
        Mark(number);
        return verdict;
    }

    private SequenceVerdict Advance(long number)
    {
        var ahead = (ulong)number - (ulong)_highest;
        if (ahead >= Width) Array.Clear(_seen);
        else
        {
            for (var passed = _highest + 1; passed < number; passed++) _seen[Word(passed)] &= ~Bit(passed);
        }

        _highest = number;
        Mark(number);
        return ahead == 1 ? SequenceVerdict.Next : SequenceVerdict.Ahead;
    }

    private bool Seen(long number) => (_seen[Word(number)] & Bit(number)) != 0;

    private void Mark(long number) => _seen[Word(number)] |= Bit(number);

    private static int Word(long number) => (int)((ulong)number % Width / 64);

    private static ulong Bit(long number) => 1UL << (int)((ulong)number % 64);
}
