using Edge.Messages.Tenants;

namespace Edge.Node.Mqtt.Devices;

/// <summary>A device that may sign in: one line <c>name:tenant:hash</c> of the device file.</summary>
/// <param name="Name">Its user name: letters, digits, '.', '_', '-', '@'; 1–64 characters, unique in the file.</param>
/// <param name="Tenant">Whose topics it sees.</param>
/// <param name="Password">Its password's hash.</param>
internal sealed record Device(string Name, TenantName Tenant, PasswordHash Password)
{
    /// <summary>Whether a device may have this name.</summary>
    public static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@');

    /// <summary>Whether a tenant may have this name (a DNS label, RFC 1123).</summary>
    public static bool IsTenant(string name) =>
        name.Length is >= 1 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-';

    /// <summary>Reads a line; null if it is no device.</summary>
    public static Device? TryParse(string line)
    {
        var parts = line.Split(':');
        return parts.Length == 3 && IsName(parts[0]) && IsTenant(parts[1]) && PasswordHash.TryParse(parts[2]) is { } hash
            ? new(parts[0], new TenantName(parts[1]), hash)
            : null;
    }

    /// <summary>The line.</summary>
    public override string ToString() => $"{Name}:{Tenant}:{Password}";
}
