"""The parts of verifying a library; ``library.health`` puts them together."""
