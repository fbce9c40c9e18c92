using Edge.Messages.Tenants;

namespace Edge.Node.Mqtt.Devices;

/// <summary>What a name and a password are worth.</summary>
internal abstract record Authentication
{
    private Authentication()
    {
    }

    /// <summary>A device of a tenant.</summary>
    public sealed record Accepted(TenantName Tenant) : Authentication;

    /// <summary>No such device, or not its password; which of them is not said.</summary>
    public sealed record Refused : Authentication;

    /// <summary>Too many wrong passwords from this address; it was not looked at.</summary>
    public sealed record Throttled : Authentication;

    /// <summary>Too many others wait for their password to be checked.</summary>
    public sealed record Busy : Authentication;
}
