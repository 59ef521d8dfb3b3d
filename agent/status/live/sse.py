"""Server-sent events as bytes. https://html.spec.whatwg.org/multipage/server-sent-events.html, 9.2.5. Pure.

Data is JSON, so it never has a line's end in it that would begin another field.
"""

import msgspec

RETRY = b"retry: 1000\n\n"  # ms until a browser tries again; an agent's restart takes some seconds


def event(kind: str, data: object, id: str = "") -> bytes:
    """One event. `kind` and `id` are words of ours; the browser tells the last `id` when it comes back."""
    number = b"id: %s\n" % id.encode() if id else b""
    return b"%sevent: %s\ndata: %s\n\n" % (number, kind.encode(), msgspec.json.encode(data))
