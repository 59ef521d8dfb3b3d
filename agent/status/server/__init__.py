"""The box's own HTTP server: a listener, connections on h11, and who is let in."""
