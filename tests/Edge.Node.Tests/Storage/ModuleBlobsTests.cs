using Edge.Messages.Modules;
using Edge.Node.Storage;

namespace Edge.Node.Tests.Storage;

public sealed class ModuleBlobsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bytes_past_the_bound_are_refused_and_nothing_is_left_of_them()
    {
        var blobs = ModuleBlobs.Open(_folder.Path);
        using var zeros = new ZeroStream(ModuleBlobs.BytesMax + 1);
        var refused = Assert.IsType<BlobOutcome.Refused>(await blobs.PutAsync(new ModuleDigest(new string('0', 64)), zeros, TestContext.Current.CancellationToken));
        Assert.Equal(BlobProblem.TooLarge, refused.Problem);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_full_store_says_so_and_what_a_crash_left_is_gone_at_the_next_start()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "abc.part"), "half", TestContext.Current.CancellationToken);
        var blobs = ModuleBlobs.Open(_folder.Path, capBytes: ModuleBlobs.BytesMax - 1);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        var refused = Assert.IsType<BlobOutcome.Refused>(await blobs.PutAsync(ModuleDigest.Of([1]), new MemoryStream([1]), TestContext.Current.CancellationToken));
        Assert.Equal(BlobProblem.NoRoom, refused.Problem);
    }

    [Fact]
    public async Task A_sweep_removes_what_nothing_names_and_spares_what_came_just_now()
    {
        var blobs = ModuleBlobs.Open(_folder.Path);
        ModuleDigest[] digests = [ModuleDigest.Of([1]), ModuleDigest.Of([2]), ModuleDigest.Of([3])];
        for (byte i = 1; i <= 3; i++) Assert.IsType<BlobOutcome.Stored>(await blobs.PutAsync(digests[i - 1], new MemoryStream([i]), TestContext.Current.CancellationToken));
        File.SetLastWriteTimeUtc(blobs.PathOf(digests[0]), DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(blobs.PathOf(digests[1]), DateTime.UnixEpoch);

        Assert.Equal(1, blobs.Sweep(new HashSet<ModuleDigest> { digests[0] }, DateTimeOffset.UnixEpoch.AddDays(1)));
        Assert.Equal((true, false, true), (blobs.Has(digests[0]), blobs.Has(digests[1]), blobs.Has(digests[2])));
    }

    /// <summary>So many zeros, without holding them.</summary>
    private sealed class ZeroStream(long length) : Stream
    {
        private long _rest = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(_rest, count);
            buffer.AsSpan(offset, read).Clear();
            _rest -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
