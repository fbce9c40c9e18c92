namespace Edge.Node.Admin.Routes;

/// <summary>An answer that is no success.</summary>
/// <param name="Error">A word for programs; docs/api.md lists them.</param>
/// <param name="Message">What failed, the value, what is allowed, what to do.</param>
internal sealed record ErrorView(string Error, string Message)
{
    /// <summary>Mistakes of manifests.</summary>
    public IReadOnlyList<FindingView>? Findings { get; init; }

    /// <summary>What was expected and what was found.</summary>
    public IReadOnlyList<ConflictView>? Conflicts { get; init; }
}

/// <summary>A mistake of a manifest.</summary>
internal sealed record FindingView(string File, int Line, int Column, string Message);

/// <summary>A resource that is not as the request expects; version 0: it is not there.</summary>
internal sealed record ConflictView(string Subject, ulong ExpectedVersion, ulong FoundVersion, string Message);
