"""Readers of what other programs keep. They give plain values, and write to no foreign place."""
