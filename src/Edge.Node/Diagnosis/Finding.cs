namespace Edge.Node.Diagnosis;

/// <summary>How bad a finding is.</summary>
public enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>A node works, with less than it could have or at a risk.</summary>
    Warning,

    /// <summary>A node will not work, or will lose data.</summary>
    Failed,
}

/// <summary>What one check found.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Verdict">How bad it is.</param>
/// <param name="Found">What is there, with its value.</param>
/// <param name="Remedy">What to do; null when nothing.</param>
public sealed record Finding(string Check, Verdict Verdict, string Found, string? Remedy = null)
{
    internal static Finding Ok(string check, string found) => new(check, Verdict.Ok, found);

    internal static Finding Warning(string check, string found, string remedy) => new(check, Verdict.Warning, found, remedy);

    internal static Finding Failed(string check, string found, string remedy) => new(check, Verdict.Failed, found, remedy);
}
