using System.Buffers.Binary;
using System.Text;

namespace Edge.Wasm.Tests.Scripts;

/// <summary>What a <see cref="ScriptGuest"/> is to do: steps, and the bytes and buffers that they point to. Pointers are addresses in the guest's memory.</summary>
internal sealed class Script
{
    private const int DataOffset = ScriptGuest.HeadSize + (64 * ScriptGuest.StepSize);

    private readonly List<(int Function, long[] Arguments)> _steps = [];
    private readonly List<byte> _data = [];

    /// <summary>Bytes in the guest's memory; returns their address.</summary>
    public int Bytes(ReadOnlySpan<byte> bytes)
    {
        while (_data.Count % 8 != 0) _data.Add(0);
        var address = ScriptGuest.InputAddress + DataOffset + _data.Count;
        _data.AddRange(bytes);
        return address;
    }

    /// <summary>A zeroed buffer; returns its address.</summary>
    public int Buffer(int size) => Bytes(new byte[size]);

    /// <summary>Adds a step. A double is given by <see cref="BitConverter.DoubleToInt64Bits"/>.</summary>
    public Script Call(string function, params long[] arguments)
    {
        _steps.Add((ScriptGuest.IndexOf(function), arguments));
        return this;
    }

    /// <summary>Adds a step that takes a text as pointer and length before the other arguments.</summary>
    public Script CallWithText(string function, string text, params long[] arguments)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Call(function, [Bytes(bytes), bytes.Length, .. arguments]);
    }

    /// <summary>Adds a step that takes a descriptor and then a text.</summary>
    public Script CallWithTextAfter(string function, int descriptor, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Call(function, descriptor, Bytes(bytes), bytes.Length);
    }

    /// <summary>Emits memory, to be looked at in <see cref="ScriptResult.Emitted"/>.</summary>
    public Script Show(int address, int length) => Call("emit", 0, address, length, 0);

    /// <summary>One <c>iovec</c>; returns its address.</summary>
    public int Vector(int address, int length)
    {
        var vector = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(vector, address);
        BinaryPrimitives.WriteInt32LittleEndian(vector.AsSpan(4), length);
        return Bytes(vector);
    }

    public byte[] ToInput()
    {
        var input = new byte[DataOffset + _data.Count];
        BinaryPrimitives.WriteInt32LittleEndian(input, _steps.Count);
        for (var i = 0; i < _steps.Count; i++)
        {
            var step = input.AsSpan(ScriptGuest.HeadSize + (i * ScriptGuest.StepSize), ScriptGuest.StepSize);
            BinaryPrimitives.WriteInt32LittleEndian(step, _steps[i].Function);
            for (var n = 0; n < _steps[i].Arguments.Length; n++) BinaryPrimitives.WriteInt64LittleEndian(step[(8 * (n + 1))..], _steps[i].Arguments[n]);
        }
        _data.CopyTo(input, DataOffset);
        return input;
    }
}
