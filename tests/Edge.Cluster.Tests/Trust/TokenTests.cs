using CsCheck;
using Edge.Cluster.Trust;
using Edge.Messages.Book;
using Google.Protobuf;

namespace Edge.Cluster.Tests.Trust;

public sealed class TokenTests
{
    private static readonly SiteRecord Site = new() { Id = ByteString.CopyFrom(new byte[16]), Name = "plant nörd", CaFingerprint = ByteString.CopyFrom(new byte[32]) };

    [Fact]
    public void A_join_token_reads_back_also_in_capitals_and_on_two_lines()
    {
        var token = JoinToken.New(Site);
        var text = token.Text();
        Assert.StartsWith("edge1-", text, StringComparison.Ordinal);
        foreach (var written in new[] { text, text.ToUpperInvariant(), $" {text[..70]}\n  {text[70..]} " })
        {
            var read = Assert.IsType<TokenParse<JoinToken>.Parsed>(JoinToken.Parse(written)).Token;
            Assert.Equal((token.Id, token.SiteName, token.SiteId), (read.Id, read.SiteName, read.SiteId));
            Assert.Equal(token.SecretHash, read.SecretHash);
            Assert.Equal(token.AuthorityFingerprint.ToArray(), read.AuthorityFingerprint.ToArray());
        }
    }

    [Fact]
    public void Any_one_wrong_letter_is_told_at_once()
    {
        var text = JoinToken.New(Site).Text();
        Gen.Select(Gen.Int[6, text.Length - 1], Gen.Char["23456789abcdefghjkmnpqrstvwxyz"]).Where((at, letter) => text[at] != letter)
            .Sample((at, letter) => JoinToken.Parse(text[..at] + letter + text[(at + 1)..]) is TokenParse<JoinToken>.Wrong);
    }

    [Fact]
    public void A_token_that_is_cut_short_is_told_at_once()
    {
        var text = JoinToken.New(Site).Text();
        Gen.Int[0, text.Length - 1].Sample(length => JoinToken.Parse(text[..length]) is TokenParse<JoinToken>.Wrong);
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_never_throws() => Gen.String.Sample(text => JoinToken.Parse("edge1-" + text) is not null && PersonToken.Parse(text) is not null);

    [Fact]
    public void A_persons_token_is_no_join_token_and_the_words_say_so()
    {
        var wrong = Assert.IsType<TokenParse<JoinToken>.Wrong>(JoinToken.Parse(PersonToken.New().Text()));
        Assert.Contains("begins with 'edgep-", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("edge token create --node", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_persons_token_reads_back()
    {
        var token = PersonToken.New();
        var read = Assert.IsType<TokenParse<PersonToken>.Parsed>(PersonToken.Parse(token.Text())).Token;
        Assert.Equal(token.Id, read.Id);
        Assert.Equal(token.SecretHash, read.SecretHash);
    }

    [Fact]
    public void The_books_record_and_the_logs_words_hold_no_secret()
    {
        var token = JoinToken.New(Site);
        var record = token.Record("admin", DateTimeOffset.UnixEpoch);
        Assert.Equal(3_600_000_000, record.ExpiresUs);
        Assert.Equal(token.SecretHash, record.Hash.ToByteArray());
        Assert.DoesNotContain(Convert.ToBase64String(token.Secret.Span), record.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(token.Text(), $"{token}", StringComparison.Ordinal);
    }
}
