namespace Edge.Actors.Tests;
