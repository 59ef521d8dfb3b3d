"""What the box's programs share: paths, programs, lasting files."""
