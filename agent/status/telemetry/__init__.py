"""What is told to machines that watch the box: its figures, and red and green. Pure."""
