"""What is typed and shown on a serial line, by value. Pure."""
