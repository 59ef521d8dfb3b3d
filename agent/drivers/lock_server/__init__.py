"""What the drivers of lock servers share: log-in, redirects, JSON, the server's words, its faults. Pure."""
