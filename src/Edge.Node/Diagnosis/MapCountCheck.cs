using System.Globalization;

namespace Edge.Node.Diagnosis;

/// <summary>The kernel lets a process have enough memory maps for many module instances (about 4 each).</summary>
internal sealed class MapCountCheck(string root) : ICheck
{
    private const int Usual = 65_530;

    /// <inheritdoc />
    public IEnumerable<Finding> Look()
    {
        var maps = int.Parse(File.ReadAllText(Path.Combine(root, "proc/sys/vm/max_map_count")), CultureInfo.InvariantCulture);
        yield return maps >= Usual
            ? Finding.Ok("memory maps", $"vm.max_map_count = {maps}")
            : Finding.Warning("memory maps", $"vm.max_map_count = {maps}: room for about {maps / 4} module instances; {Usual} or more is usual.", $"sysctl -w vm.max_map_count={Usual}, and a file in /etc/sysctl.d to keep it.");
    }
}
