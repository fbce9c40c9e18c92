namespace Edge.Node.Tests;
