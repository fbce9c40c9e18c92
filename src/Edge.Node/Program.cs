return await Edge.Node.Cli.EdgeCli.RunAsync(args);
