using System.Net;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Edge.Cluster.Raft;

/// <summary>
/// The voter list of one log folder, on stable storage. The library's own storage writes its first file in place, where a kill tears it. A save is idempotent by version: an older or equal one changes
/// nothing, so an entry may be applied twice.
/// </summary>
internal sealed class VoterListStore : IClusterConfigurationStorage<EndPoint>
{
    private const ulong Magic = 0x45444745_564F5445; // EDGEVOTE

    private readonly string _path;
    private readonly SemaphoreSlim _saving = new(1);
    private volatile VoterList _current;

    private VoterListStore(string path, VoterList current)
    {
        _path = path;
        _current = current;
    }

    public event Func<IClusterConfiguration<EndPoint>, CancellationToken, ValueTask>? ConfigurationChanged;

    /// <summary>The list in effect: applied and durable.</summary>
    public VoterList Current => _current;

    /// <summary>Opens the list of a folder; null, with the reason, when it is damaged. A missing one is empty.</summary>
    public static VoterListStore? Open(string path, out string trouble)
    {
        trouble = "";
        if (!File.Exists(path))
        {
            return new VoterListStore(path, VoterList.Empty);
        }
        return CheckedFile.Read(path, Magic, out trouble) is { } bytes ? new VoterListStore(path, VoterList.FromBytes(bytes)) : null;
    }

    /// <summary>Writes a founding or seeded list into a folder, replacing what is there.</summary>
    public static void Place(string path, VoterList list) => CheckedFile.Write(path, Magic, list.ToBytes());

    /// <summary>Saves a list that came out of the log; false if it is not newer than the present one.</summary>
    public async ValueTask<bool> SaveAsync(VoterList list, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (list.Version <= _current.Version)
            {
                return false;
            }
            CheckedFile.Write(_path, Magic, list.ToBytes());
            _current = list;
            if (ConfigurationChanged is { } changed)
            {
                await changed(new VoterConfiguration(list), cancellation).ConfigureAwait(false);
            }
            return true;
        }
        finally
        {
            _saving.Release();
        }
    }

    ValueTask<IClusterConfiguration<EndPoint>> IClusterConfigurationStorage<EndPoint>.LoadConfigurationAsync(CancellationToken token) => new(new VoterConfiguration(_current));

    ValueTask<(IDataTransferObject Configuration, long Version)> IClusterConfigurationStorage.LoadConfigurationAsync(CancellationToken token)
    {
        var list = _current;
        return new((new VoterConfiguration(list), list.Version));
    }

    async ValueTask<bool> IClusterConfigurationStorage.SaveConfigurationAsync<TConfiguration>(TConfiguration configuration, long configurationVersion, CancellationToken token)
    {
        var bytes = await configuration.ToByteArrayAsync(token: token).ConfigureAwait(false);
        return await SaveAsync(VoterList.FromBytes(bytes) with { Version = configurationVersion }, token).ConfigureAwait(false);
    }

    public void Dispose() => _saving.Dispose();
}
