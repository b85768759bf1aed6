"""What is said to people, in the same words on the screens and on the command line."""
