"""The pace of what leaves the box: a call to a device comes before words, and calls go out one by one."""

DEPARTURES = 0.003  # s between two calls; those that leave in one instant all arrive as late as the last
HEAD_START = 0.02  # s; a key that is ready reaches its encoder before words to its origin take processor time
