"""One rendering for all who ask in the same moment."""

import msgspec

from agent.languages.reader import Reader
from agent.status.once import Once
from agent.status.snapshot.snapshot import Snapshot
from tests.status.samples import snapshot

EN, DE = Reader("en"), Reader("de")


def test_a_moment_is_drawn_once_a_language_and_again_when_anything_has_changed() -> None:
    drawn: list[tuple[str, str]] = []

    def draw(now: Snapshot, reader: Reader) -> str:
        drawn.append((now.box.name, reader.language))
        return f"{now.box.name} {reader.language}"

    once, now = Once(draw), snapshot()
    later = msgspec.structs.replace(now, box=msgspec.structs.replace(now.box, name="other"))
    assert once.of(now, EN) == once.of(msgspec.structs.replace(now), EN) == f"{now.box.name} en"
    assert once.of(now, DE) == f"{now.box.name} de"
    assert once.of(later, EN) == "other en"
    assert drawn == [(now.box.name, "en"), (now.box.name, "de"), ("other", "en")]
