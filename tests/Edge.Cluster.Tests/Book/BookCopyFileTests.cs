using CsCheck;
using Edge.Cluster.Book;

namespace Edge.Cluster.Tests.Book;

/// <summary>The copy on disk: what was written or a reason, never something else.</summary>
public sealed class BookCopyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-book-");
    private string Path => System.IO.Path.Combine(_folder.FullName, "book");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_copy_is_read_as_it_was_written()
    {
        var state = BookScript.Running("pi-1", "pi-2").State;
        var file = new BookCopyFile(Path);
        Assert.IsType<BookCopy.Missing>(file.Read());

        file.Write(BookState.Empty);
        file.Write(state);

        Assert.Equal(BookScript.Bytes(state), BookScript.Bytes(Assert.IsType<BookCopy.Kept>(file.Read()).State));
        Assert.Equal(["book"], _folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public void A_copy_with_any_bit_flipped_or_cut_anywhere_is_damaged_in_words()
    {
        var file = new BookCopyFile(Path);
        file.Write(BookScript.Running("pi-1", "pi-2").State);
        var whole = File.ReadAllBytes(Path);

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7], Gen.Bool).Sample((at, bit, cut) =>
        {
            var bytes = cut ? whole[..at] : [.. whole];
            if (!cut)
                bytes[at] ^= (byte)(1 << bit);
            File.WriteAllBytes(Path, bytes);
            Assert.Contains(Path, Assert.IsType<BookCopy.Damaged>(file.Read()).Reason, StringComparison.Ordinal);
        }, iter: 500, threads: 1);
        File.WriteAllBytes(Path, [.. whole, 0]);
        Assert.IsType<BookCopy.Damaged>(file.Read());
    }

    [Fact]
    public void A_copy_of_a_newer_program_stops_the_node()
    {
        var site = BookScript.Site("pi-1").State.Site!.Clone();
        site.Format = BookFormat.Current + 1;
        var file = new BookCopyFile(Path);
        file.Write(BookScript.Site("pi-1").State with { Site = site });

        Assert.Throws<BookFormatException>(file.Read);
    }

    [Fact]
    public void A_write_that_was_cut_short_leaves_the_copy_before()
    {
        var state = BookScript.Site("pi-1").State;
        var file = new BookCopyFile(Path);
        file.Write(state);
        File.WriteAllBytes(Path + ".new", [1, 2, 3]);

        Assert.Equal(state.Index, Assert.IsType<BookCopy.Kept>(file.Read()).State.Index);
        file.Write(BookScript.Site("pi-1", "pi-2").State);
        Assert.Equal(2, Assert.IsType<BookCopy.Kept>(file.Read()).State.Nodes.Count);
    }
}
