namespace Edge.Wasm.Tests;
