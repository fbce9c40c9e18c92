using System.Diagnostics;
using System.Globalization;

namespace Edge.Cluster.Tests.Raft;

/// <summary>
/// Is a concurrent history of puts and gets of registers linearizable? Each operation must take effect at one moment between call and return. The search is Wing and Gong's (1993) with the memo of Lowe (2017), one
/// register at a time, since a history is linearizable when each object's is. A put without an answer may take effect at any later moment, or never.
/// </summary>
internal sealed class RegisterHistory
{
    private readonly List<Operation> _operations = [];

    /// <summary>Values that a put was acknowledged with.</summary>
    public int Acknowledged
    {
        get
        {
            lock (_operations)
                return _operations.Count(operation => operation.IsPut && operation.Returned < long.MaxValue);
        }
    }

    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>A put; <paramref name="returned"/> is null when no answer came.</summary>
    public void Put(string key, string value, long called, long? returned)
    {
        lock (_operations)
            _operations.Add(new(key, IsPut: true, value, called, returned ?? long.MaxValue));
    }

    /// <summary>A get that was answered.</summary>
    public void Get(string key, string value, long called, long returned)
    {
        lock (_operations)
            _operations.Add(new(key, IsPut: false, value, called, returned));
    }

    /// <summary>The first register whose history has no order; null if all have one.</summary>
    public string? Violation()
    {
        lock (_operations)
        {
            return _operations.GroupBy(operation => operation.Key)
                .Where(group => !IsLinearizable([.. group.OrderBy(operation => operation.Called)]))
                .Select(group => $"register {group.Key}: {string.Join("; ", group.OrderBy(operation => operation.Called))}")
                .FirstOrDefault();
        }
    }

    private static bool IsLinearizable(Operation[] operations)
    {
        var seen = new HashSet<(Effects Done, string Value)>();
        var stack = new Stack<(Effects Done, string Value)>();
        stack.Push((new Effects([]), "-"));
        while (stack.TryPop(out var at))
        {
            var open = Enumerable.Range(0, operations.Length).Where(i => !at.Done.Has(i)).ToList();
            if (open.All(i => operations[i].Returned == long.MaxValue))
                return true;
            // Whatever comes next must have been called before every open operation returned.
            var deadline = open.Min(i => operations[i].Returned);
            foreach (var i in open.TakeWhile(i => operations[i].Called <= deadline))
            {
                var operation = operations[i];
                if (!operation.IsPut && operation.Value != at.Value)
                    continue;
                var next = (at.Done.With(i), operation.IsPut ? operation.Value : at.Value);
                if (seen.Add(next))
                    stack.Push(next);
            }
        }
        return false;
    }

    private sealed record Operation(string Key, bool IsPut, string Value, long Called, long Returned)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{(IsPut ? "put" : "get")} {Value} [{Called / 1000}, {(Returned == long.MaxValue ? "never" : Returned / 1000)}]");
    }

    /// <summary>Which operations have taken effect: all below a mark, and some above it.</summary>
    private sealed record Effects(int[] Beyond, int Mark = 0)
    {
        public bool Has(int operation) => operation < Mark || Array.BinarySearch(Beyond, operation) >= 0;

        public Effects With(int operation)
        {
            var beyond = Beyond.Append(operation).Order().ToList();
            var mark = Mark;
            while (beyond.Count > 0 && beyond[0] == mark)
            {
                beyond.RemoveAt(0);
                mark++;
            }
            return new([.. beyond], mark);
        }

        public bool Equals(Effects? other) => other is not null && Mark == other.Mark && Beyond.AsSpan().SequenceEqual(other.Beyond);

        public override int GetHashCode() => Beyond.Aggregate(Mark, HashCode.Combine);
    }
}
