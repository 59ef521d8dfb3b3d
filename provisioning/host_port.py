"""HOST:PORT taken apart, as it is written in a file, on a command line, in a unit of systemd. Loads nothing.

What the host may be is for the caller to judge.
"""

HIGHEST_PORT = 65535


def host_and_port(text: str) -> tuple[str, int] | None:
    """The two halves, the host as it is written (IPv6 in brackets, "" where none is); None for another text."""
    host, colon, port = text.strip().rpartition(":")
    is_number = port.isascii() and port.isdigit() and len(port) <= 5
    return (host, int(port)) if colon and is_number and int(port) <= HIGHEST_PORT else None
