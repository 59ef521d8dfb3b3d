"""The one program that does as root what the console may ask: a fixed list, a process a request."""
