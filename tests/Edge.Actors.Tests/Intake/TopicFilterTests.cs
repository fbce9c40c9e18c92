using CsCheck;
using Edge.Actors.Intake;

namespace Edge.Actors.Tests.Intake;

public sealed class TopicFilterTests
{
    // The examples of MQTT 5 §4.7.1 and §4.7.2.
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    public void The_standards_examples_hold(string filter, string topic, bool matches) => Assert.Equal(matches, TopicFilter.Matches(filter, topic));

    [Fact]
    public void It_agrees_with_a_naive_matcher() =>
        Gen.Select(Level("+", "#").List[1, 4], Level().List[1, 4]).Sample((filter, topic) =>
        {
            var wild = filter.IndexOf("#");
            var valid = wild < 0 ? filter : filter.Take(wild + 1).ToList();
            return TopicFilter.Matches(string.Join('/', valid), string.Join('/', topic)) == Naive(valid, topic);
        });

    private static Gen<string> Level(params string[] wild)
    {
        string[] levels = ["a", "b", "", .. wild];
        return Gen.Int[0, levels.Length - 1].Select(i => levels[i]);
    }

    private static bool Naive(List<string> filter, List<string> topic) => (filter, topic) switch
    {
        (["#"], _) => true,
        ([], []) => true,
        ([], _) or (_, []) => false,
        (["+", .. var f], [_, .. var t]) => Naive(f, t),
        ([var a, .. var f], [var b, .. var t]) => a == b && Naive(f, t),
    };
}
