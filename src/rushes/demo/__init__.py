"""A library to try, made on the spot: spoken takes of a few people over thirty days."""
