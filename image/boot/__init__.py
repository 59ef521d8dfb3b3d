"""What starts the box, before any of its own software runs."""
