"""The pictures of a command's life in ARCHITECTURE.md are the ones that the tables draw."""

from pathlib import Path

from agent.commands import bond, lifecycle

PAGE = Path(__file__).parents[2] / "ARCHITECTURE.md"


def test_the_pictures_on_the_page_are_drawn_from_the_tables() -> None:
    drawn = [part.partition("\n```")[0] for part in PAGE.read_text().split("```mermaid\n")[1:]]
    assert drawn == [lifecycle.picture(), bond.picture()]
