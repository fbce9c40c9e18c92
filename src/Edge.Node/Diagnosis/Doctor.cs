using System.Data.Common;

namespace Edge.Node.Diagnosis;

/// <summary>Asks every check, and makes a finding of a check that could not look.</summary>
internal static class Doctor
{
    /// <summary>All findings, in the order of the checks.</summary>
    public static IReadOnlyList<Finding> Examine(IEnumerable<ICheck> checks) => [.. checks.SelectMany(Look)];

    private static IReadOnlyList<Finding> Look(ICheck check)
    {
        try
        {
            return [.. check.Look()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException)
        {
            var name = check.GetType().Name.Replace("Check", "", StringComparison.Ordinal);
            return [Finding.Failed(name, $"The check could not look: {failure.Message}", "Run edge doctor as the user that runs the node.")];
        }
    }
}
