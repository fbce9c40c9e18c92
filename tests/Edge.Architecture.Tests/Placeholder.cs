namespace Edge.Architecture.Tests;
