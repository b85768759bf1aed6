"""The command line: a thin face of the library, one module for each group of commands."""
