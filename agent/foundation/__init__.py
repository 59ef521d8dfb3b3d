"""What every room stands on: errors, the way out, files, time. Knows nothing of hotels."""
