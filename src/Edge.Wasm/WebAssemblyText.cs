using System.Text;
using Edge.Wasm.Native;

namespace Edge.Wasm;

/// <summary>WebAssembly's text format, for fixtures and experiments. Modules of tenants come as bytes.</summary>
public static class WebAssemblyText
{
    /// <summary>The binary form of <paramref name="text"/>.</summary>
    /// <exception cref="FormatException">The text is no module; the message has line and column.</exception>
    public static unsafe byte[] ToWasm(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        WasmVector wasm;
        fixed (byte* source = utf8)
        {
            var error = WasmtimeApi.TextToWasm(source, (nuint)utf8.Length, &wasm);
            if (error != 0) throw new FormatException(NativeFailure.TakeError(error).Text);
        }

        var bytes = wasm.Bytes.ToArray();
        WasmtimeApi.BytesDelete(&wasm);
        return bytes;
    }
}
