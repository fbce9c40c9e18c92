using System.Device.Gpio;
using Edge.Node.Gpio;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Node.Tests.Gpio;

public sealed class GpioLinesTests : IDisposable
{
    private readonly GpioLines _lines = new(NullLogger<GpioLines>.Instance);

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void A_virtual_line_reads_what_drives_it_from_outside()
    {
        Assert.False(_lines.Read("virtual0", 17));
        _lines.Virtual("virtual0").Drive(17, high: true);
        Assert.True(_lines.Read("virtual0", 17));
        Assert.False(_lines.Read("virtual0", 16));
        Assert.False(_lines.Read("virtual1", 17));
    }

    [Fact]
    public void Writing_makes_the_line_an_output_that_nothing_outside_changes()
    {
        Assert.True(_lines.Write("virtual0", 4, high: true));
        var chip = _lines.Virtual("virtual0");
        Assert.True(chip.IsOutput(4));
        Assert.True(chip.IsHigh(4));
        chip.Drive(4, high: false);
        Assert.True(_lines.Read("virtual0", 4));
        Assert.True(_lines.Write("virtual0", 4, high: false));
        Assert.False(chip.IsHigh(4));
    }

    [Fact]
    public void A_line_that_was_read_can_be_driven_later()
    {
        Assert.False(_lines.Read("virtual0", 5));
        Assert.True(_lines.Write("virtual0", 5, high: true));
        Assert.True(_lines.Virtual("virtual0").IsOutput(5));
    }

    [Theory]
    [InlineData("gpiochip987")]
    [InlineData("virtual")]
    [InlineData("serial0")]
    public void A_chip_that_is_not_there_does_not_answer(string chip)
    {
        Assert.Null(_lines.Read(chip, 1));
        Assert.False(_lines.Write(chip, 1, high: true));
    }

    [Fact]
    public void A_line_beyond_the_chip_does_not_answer()
    {
        Assert.Null(_lines.Read("virtual0", VirtualChip.Lines));
        Assert.False(_lines.Write("virtual0", VirtualChip.Lines, high: true));
    }

    [Fact]
    public async Task The_virtual_chip_reports_edges_like_a_real_one()
    {
        using var controller = new GpioController(_lines.Virtual("virtual0"));
        controller.OpenPin(3, PinMode.Input);
        var risen = new TaskCompletionSource<PinEventTypes>();
        controller.RegisterCallbackForPinValueChangedEvent(3, PinEventTypes.Rising, (_, change) => risen.TrySetResult(change.ChangeType));
        _lines.Virtual("virtual0").Drive(3, high: true);
        Assert.Equal(PinEventTypes.Rising, await Patience.For(risen.Task, "a rising edge"));
    }
}
