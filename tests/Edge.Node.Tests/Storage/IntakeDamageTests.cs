using CsCheck;
using Edge.Actors.Intake;
using Edge.Node.Storage;

namespace Edge.Node.Tests.Storage;

/// <summary>A log of 1500 readings in several segments whose files are damaged before it is opened again.</summary>
public sealed class IntakeDamageTests : IAsyncLifetime
{
    private const int Count = 1500;

    private readonly TestFolder _folder = new();
    private Dictionary<string, byte[]> _closed = [];
    private Dictionary<string, byte[]> _crashed = [];
    private List<Place> _places = [];

    public async ValueTask InitializeAsync()
    {
        using (var log = Logs.Open(Logs.Small(_folder.Path)))
        {
            await Logs.AppendAsync(log, Count);
            _crashed = Snapshot();
        }
        _closed = Snapshot();
        _places = [.. _closed.Keys.Where(name => SegmentName.Parse(name) is not null).Order().SelectMany(PlacesIn)];
        Assert.Equal(Count, _places.Count);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void A_flipped_bit_anywhere_costs_the_record_that_holds_it_and_nothing_else() =>
        Gen.Int[0, _places.Sum(place => place.Bytes) - 1].Select(Gen.Int[0, 7], Gen.Bool).Sample((position, bit, crashed) =>
        {
            var (place, at) = Find(position);
            Restore(crashed ? _crashed : _closed);
            Change(place.Segment, bytes => bytes[at] ^= (byte)(1 << bit));
            // Without an orderly close the very last record cannot be told from one that a crash cut short.
            AssertLost([place], mustReport: !crashed || place != _places[^1]);
        }, iter: 400, threads: 1);

    [Theory]
    [InlineData(0), InlineData(3), InlineData(4), InlineData(7), InlineData(8), InlineData(15), InlineData(16), InlineData(40)]
    public void A_flipped_bit_in_each_field_is_found(int offsetInRecord)
    {
        foreach (var place in new[] { _places[0], _places[Count / 2], _places[^1] })
            for (var bit = 0; bit < 8; bit++)
            {
                Restore(_closed);
                Change(place.Segment, bytes => bytes[place.Start + offsetInRecord] ^= (byte)(1 << bit));
                AssertLost([place], mustReport: true);
            }
    }

    [Fact]
    public void A_page_of_zeros_anywhere_costs_the_records_that_it_touches_and_nothing_else() =>
        Gen.Int[0, _places.Sum(place => place.Bytes) - 1].Sample(position =>
        {
            var (place, at) = Find(position);
            var page = at / 4096 * 4096;
            Restore(_closed);
            Change(place.Segment, bytes => bytes.AsSpan(page, 4096).Clear());
            AssertLost([.. _places.Where(other => other.Segment == place.Segment && other.Start < page + 4096 && other.End > page)], mustReport: true);
        }, iter: 100, threads: 1);

    [Fact]
    public void A_record_that_a_crash_cut_short_is_dropped_and_its_sequence_never_given_out_again()
    {
        foreach (var kept in (int[])[0, 1, 5, 12, 16, 30])
        {
            Restore(_crashed);
            Change(_places[^1].Segment, bytes => bytes.AsSpan(_places[^1].Start + kept).Clear());
            using var log = Logs.Open(Logs.Small(_folder.Path));
            AssertNumbered(log, _places.SkipLast(1));
            Assert.Empty(log.Health.Damage);
            Assert.True(log.Append(Logs.Numbered(1)) > Count);
        }
    }

    [Fact]
    public async Task After_damage_the_log_goes_on_and_what_is_new_is_read_together_with_what_was_kept()
    {
        Restore(_closed);
        Change(_places[700].Segment, bytes => bytes[_places[700].Start + 20] ^= 1);
        using (var log = Logs.Open(Logs.Small(_folder.Path)))
            await Logs.AppendAsync(log, 1000);
        using var again = Logs.Open(Logs.Small(_folder.Path));
        Assert.Equal(Enumerable.Range(1, Count + 1000).Where(i => i != 701).Select(i => (long)i), Logs.ReadAll(again).Select(reading => reading.Sequence));
    }

    [Fact]
    public void Damaged_bytes_are_kept_aside_with_a_note_and_the_segment_is_left_as_it_is()
    {
        Restore(_closed);
        var place = _places[700];
        Change(place.Segment, bytes => bytes[place.Start + 20] ^= 1);
        var before = File.ReadAllBytes(_folder[place.Segment]);
        using var log = Logs.Open(Logs.Small(_folder.Path));
        var damage = Assert.Single(log.Health.Damage);
        Assert.Equal((place.Segment, place.Start, place.Bytes, 701, 701), (damage.Segment, damage.Offset, damage.Bytes, damage.FirstLost, damage.LastLost));
        Assert.Equal(before[place.Start..place.End], File.ReadAllBytes(damage.Copy!));
        Assert.Contains("readings 701 to 701 are lost", File.ReadAllText(damage.Copy + ".txt"), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder[place.Segment]));
    }

    [Fact]
    public void A_segment_that_is_missing_is_reported_with_its_sequences()
    {
        Restore(_closed);
        var gone = _places[700].Segment;
        File.Delete(_folder[gone]);
        AssertLost([.. _places.Where(place => place.Segment == gone)], mustReport: true);
    }

    [Fact]
    public void A_segment_that_was_cut_off_keeps_what_is_before_the_cut()
    {
        Restore(_closed);
        var cut = _places[700];
        using (var file = File.OpenWrite(_folder[cut.Segment]))
            file.SetLength(cut.Start + 10);
        AssertLost([.. _places.Where(place => place.Segment == cut.Segment && place.Start >= cut.Start)], mustReport: true);
    }

    [Fact]
    public void A_damaged_mark_costs_no_reading_and_no_sequence_is_given_out_again()
    {
        Restore(_closed);
        File.WriteAllBytes(_folder["mark"], new byte[100]);
        using var log = Logs.Open(Logs.Small(_folder.Path));
        AssertNumbered(log, _places);
        Assert.True(log.Append(Logs.Numbered(1)) > Count);
    }

    [Fact]
    public async Task A_bit_that_flips_while_the_log_is_open_is_found_by_the_reader_that_meets_it()
    {
        Restore(_closed);
        using var log = Logs.Open(Logs.Small(_folder.Path));
        await Logs.AppendAsync(log, 1);
        using (var file = new FileStream(_folder[_places[700].Segment], new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 }))
        {
            file.Position = _places[700].Start + 20;
            file.WriteByte(0xEE);
        }
        Assert.Equal(Count, Logs.ReadAll(log).Count);
        Assert.Equal(701, Assert.Single(log.Health.Damage).FirstLost);
    }

    private void AssertLost(IReadOnlyList<Place> lost, bool mustReport)
    {
        using var log = Logs.Open(Logs.Small(_folder.Path));
        AssertNumbered(log, _places.Except(lost));
        if (mustReport)
            Assert.All(lost, place => Assert.Contains(log.Health.Damage, damage => damage.FirstLost <= place.Sequence && damage.LastLost >= place.Sequence));
        Assert.All(log.Health.Damage, damage => Assert.Contains(lost, place => place.Sequence == damage.FirstLost));
        Assert.True(log.Append(Logs.Numbered(1)) > Count, "A sequence was given out twice.");
    }

    private static void AssertNumbered(IntakeLog log, IEnumerable<Place> expected)
    {
        var read = Logs.ReadAll(log);
        Assert.Equal(expected.Select(place => place.Sequence), read.Select(reading => reading.Sequence));
        Assert.All(read, reading => Assert.Equal(Logs.Numbered(reading.Sequence), reading.Reading));
    }

    private (Place Place, int At) Find(int position)
    {
        foreach (var place in _places)
        {
            if (position < place.Bytes)
                return (place, place.Start + position);
            position -= place.Bytes;
        }
        throw new ArgumentOutOfRangeException(nameof(position));
    }

    private IEnumerable<Place> PlacesIn(string name)
    {
        using var segment = new IntakeSegment(_folder.Path, SegmentName.Parse(name)!.Value);
        using var reader = segment.Reader(0, segment.Capacity, segment.Name.After);
        while (reader.Next() == SegmentItem.Record)
            yield return new Place(name, (int)reader.ItemOffset, (int)reader.Offset, reader.Sequence);
    }

    private Dictionary<string, byte[]> Snapshot()
    {
        var files = new Dictionary<string, byte[]>();
        // The spare comes and goes in the background; it holds no readings.
        foreach (var path in Directory.GetFiles(_folder.Path).Where(path => !Path.GetFileName(path).StartsWith("spare", StringComparison.Ordinal)))
        {
            using var file = StableStorage.OpenUnlocked(path);
            var bytes = new byte[RandomAccess.GetLength(file)];
            RandomAccess.Read(file, bytes, 0);
            files[Path.GetFileName(path)] = bytes;
        }
        return files;
    }

    private void Restore(Dictionary<string, byte[]> files)
    {
        Directory.Delete(_folder.Path, recursive: true);
        Directory.CreateDirectory(_folder.Path);
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(_folder[name], bytes);
    }

    private void Change(string segment, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(_folder[segment]);
        change(bytes);
        File.WriteAllBytes(_folder[segment], bytes);
    }

    private sealed record Place(string Segment, int Start, int End, long Sequence)
    {
        public int Bytes => End - Start;
    }
}
