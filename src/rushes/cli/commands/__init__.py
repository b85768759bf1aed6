"""The commands, a module for each group of them; ``rushes.cli.main`` lists them all."""
