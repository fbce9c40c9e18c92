using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Edge.Node.Mqtt.Devices;

/// <summary>
/// Checks device passwords against the device file, which is read again when it changed. Hashing runs on the thread pool, one at a time and with a bounded queue, so that
/// a storm of sign-ins leaves the other core to the broker; a password that was right once is remembered under a key of this process, so that a fleet that reconnects does not wait.
/// </summary>
internal sealed partial class DeviceAuthenticator(DeviceFile file, TimeProvider time, ILogger<DeviceAuthenticator> log) : IDisposable
{
    /// <summary>Sign-ins that wait for their password to be checked; one more gets <see cref="Authentication.Busy"/>.</summary>
    private const int MaxWaiting = 64;

    // Verified for a name that does not exist, so that the answer takes as long.
    private static readonly PasswordHash NoOne = PasswordHash.Of(RandomNumberGenerator.GetBytes(16));

    private readonly SignInThrottle _throttle = new(time);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly byte[] _memoryKey = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _reading = new();
    private volatile Roster _roster = new(null, []);
    private int _waiting;

    /// <summary>Decides about a name and a password.</summary>
    public async ValueTask<Authentication> AuthenticateAsync(string name, byte[] password, IPAddress address)
    {
        if (_throttle.IsClosed(address))
        {
            return new Authentication.Throttled();
        }

        var roster = Current();
        var device = roster.Devices.GetValueOrDefault(name);
        var proof = Proof(name, password);
        if (device is not null && roster.Proved.TryGetValue(name, out var known) && CryptographicOperations.FixedTimeEquals(known, proof))
        {
            return new Authentication.Accepted(device.Tenant);
        }

        if (await VerifyAsync(device?.Password ?? NoOne, password) is not { } right)
        {
            return new Authentication.Busy();
        }

        if (!right || device is null)
        {
            _throttle.Failed(address);
            LogRefused(name, address);
            return new Authentication.Refused();
        }

        roster.Proved[name] = proof;
        return new Authentication.Accepted(device.Tenant);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private byte[] Proof(string name, byte[] password)
    {
        byte[] both = [.. Encoding.UTF8.GetBytes(name), 0, .. password];
        return HMACSHA256.HashData(_memoryKey, both);
    }

    private async Task<bool?> VerifyAsync(PasswordHash hash, byte[] password)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        await _turn.WaitAsync();
        try
        {
            return await Task.Run(() => hash.Verify(password));
        }
        finally
        {
            _turn.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    private Roster Current()
    {
        var stamp = file.Stamp;
        var roster = _roster;
        if (stamp == roster.Stamp)
        {
            return roster;
        }

        lock (_reading)
        {
            return _roster.Stamp == stamp ? _roster : _roster = Read(stamp);
        }
    }

    private Roster Read((DateTime, long)? stamp)
    {
        try
        {
            var devices = file.Read(out var mistakes);
            foreach (var mistake in mistakes)
            {
                LogMistake(mistake);
            }

            return new(stamp, devices.ToDictionary(device => device.Name, StringComparer.Ordinal));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(file.Path, failure.Message);
            return new(stamp, []);
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "Device {Device} at {Address} gave a wrong name or password")]
    private partial void LogRefused(string device, IPAddress address);

    [LoggerMessage(3021, LogLevel.Error, "{Mistake}")]
    private partial void LogMistake(string mistake);

    [LoggerMessage(3022, LogLevel.Error, "The device file {Path} cannot be read, so no device can sign in: {Reason}")]
    private partial void LogUnreadable(string path, string reason);

    /// <summary>The file as it was read, and which passwords were right since.</summary>
    private sealed record Roster((DateTime Written, long Length)? Stamp, Dictionary<string, Device> Devices)
    {
        public ConcurrentDictionary<string, byte[]> Proved { get; } = new(StringComparer.Ordinal);
    }
}
