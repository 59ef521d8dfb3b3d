"""What differs from box to box. Knows nothing of commands, keys or Mews."""
