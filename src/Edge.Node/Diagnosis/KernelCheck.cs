namespace Edge.Node.Diagnosis;

/// <summary>The kernel has <c>openat2</c>, which keeps guests inside their folders.</summary>
internal sealed class KernelCheck(Version kernel) : ICheck
{
    private static readonly Version Oldest = new(5, 6);

    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        yield return kernel >= Oldest
            ? Finding.Ok("kernel", $"Linux {kernel.ToString(2)}")
            : Finding.Failed("kernel", $"Linux {kernel.ToString(2)}; {Oldest} or newer is needed (openat2, for fs: grants).", "Update the system's kernel.");
    }
}
