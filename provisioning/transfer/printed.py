"""A transfer as text that goes one way: all its frames, printed once, and put together again from a log. Pure.

For a person who saves what a terminal shows, where no program answers at the other end. Each frame proves itself;
what a terminal broke into two rows is whole again, and what came several times counts once.
"""

import hashlib
from collections.abc import Iterator

from provisioning.transfer.frames import PAYLOAD_BYTES, Frame, Frames, Kind, written
from provisioning.transfer.outcome import MOST_BYTES, Failure, Received, Why

_DIGEST_BYTES = hashlib.sha256().digest_size
_BETWEEN = b" \t\r\n"


def frames(blob: bytes, name: str, mark: str) -> Iterator[bytes]:
    """The frames of `blob`, in their order; `name` and `mark` as for `Sender`."""
    head = Frame(Kind.HEAD, mark, len(blob), hashlib.sha256(blob).digest() + name.encode())
    yield written(head)
    for number, at in enumerate(range(0, len(blob), PAYLOAD_BYTES)):
        yield written(Frame(Kind.DATA, mark, number, blob[at : at + PAYLOAD_BYTES]))
    yield written(head)  # once more: without it nothing else is of use
    yield written(Frame(Kind.END, mark))


def put_together(log: bytes) -> Received | Failure:
    """The last transfer in a log that is whole; else what is missing of the last one."""
    heads: dict[str, Frame] = {}
    pieces: dict[str, dict[int, bytes]] = {}
    for frame in Frames().heard(log.translate(None, _BETWEEN)):
        if frame.kind is Kind.HEAD and len(frame.payload) > _DIGEST_BYTES and frame.number <= MOST_BYTES:
            heads.pop(frame.mark, None)
            heads[frame.mark] = frame
        elif frame.kind is Kind.DATA:
            pieces.setdefault(frame.mark, {})[frame.number] = frame.payload
    failure = Failure(Why.SILENT, "There is no transfer in it: is that what the console has printed?")
    for mark, head in reversed(heads.items()):
        found = _whole(head, pieces.get(mark, {}))
        if isinstance(found, Received):
            return found
        failure = found if failure.why is Why.SILENT else failure
    return failure


def _whole(head: Frame, pieces: dict[int, bytes]) -> Received | Failure:
    count = -(-head.number // PAYLOAD_BYTES)
    missing = [number for number in range(count) if number not in pieces]
    if missing:
        words = f"{len(missing)} of {count} blocks are missing or damaged: have it printed once more."
        return Failure(Why.DAMAGED, words)
    content = b"".join(pieces[number] for number in range(count))
    if hashlib.sha256(content).digest() != head.payload[:_DIGEST_BYTES]:
        return Failure(Why.DAMAGED, "The blocks do not add up to what was announced: have it printed once more.")
    return Received(head.payload[_DIGEST_BYTES:].decode("ascii", "replace"), content)
