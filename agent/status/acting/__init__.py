"""The page that acts: over TLS, after a log-in."""
