"""One hotel in which all that must stay secret is recognised, and everything that it lets out, looked through."""
