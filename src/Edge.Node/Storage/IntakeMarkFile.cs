using Microsoft.Win32.SafeHandles;

namespace Edge.Node.Storage;

/// <summary>
/// Keeps the <see cref="IntakeMark"/> in a file with two places that are written in turn, so that a torn write leaves the other one and a full
/// disk never stops a trim. Thread-safe.
/// </summary>
internal sealed class IntakeMarkFile : IDisposable
{
    private const int PlaceBytes = 4096;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private long _version;
    private IntakeMark _mark;

    private IntakeMarkFile(string path, bool damaged)
    {
        _path = path;
        IsDamaged = damaged;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>True when no intact mark was found in an existing file: the trim point and the ceiling are unknown.</summary>
    public bool IsDamaged { get; }

    /// <summary>The mark as saved last.</summary>
    public IntakeMark Mark
    {
        get
        {
            lock (_gate)
                return _mark;
        }
    }

    /// <summary>Opens the mark file, making it when it is not there.</summary>
    public static IntakeMarkFile Open(string path)
    {
        if (!File.Exists(path))
        {
            var content = new byte[2 * PlaceBytes];
            new IntakeMark(0, 0, ClosedAt: 0).Encode(1).CopyTo(content.AsSpan());
            StableStorage.Replace(path, content);
        }
        var bytes = File.ReadAllBytes(path);
        var best = new[] { 0, PlaceBytes }.Select(at => at < bytes.Length ? IntakeMark.Decode(bytes.AsSpan(at)) : null).MaxBy(found => found?.Version ?? 0);
        return new IntakeMarkFile(path, damaged: best is null) { _version = best?.Version ?? 1, _mark = best?.Mark ?? new IntakeMark(0, 0, -1) };
    }

    /// <summary>Changes the mark; on stable storage when this returns.</summary>
    public void Save(Func<IntakeMark, IntakeMark> change)
    {
        lock (_gate)
        {
            var mark = change(_mark);
            if (mark == _mark)
                return;
            _version++;
            RandomAccess.Write(_file, mark.Encode(_version), _version % 2 * PlaceBytes);
            StableStorage.SyncContent(_file, _path);
            _mark = mark;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
