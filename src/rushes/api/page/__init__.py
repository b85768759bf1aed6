"""A page for listening without any installation, and for looking through the history."""
