"""The session with Mews and how long it is waited for, by value. Pure."""
