"""What each command does. Everything heavy is imported by the function that needs it."""
