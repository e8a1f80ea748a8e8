"""The command line: its commands, and the Value of a user's file."""
