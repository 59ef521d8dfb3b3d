"""The picture of a command's life in ARCHITECTURE.md is the one that the table draws."""

from pathlib import Path

from agent.commands.lifecycle import picture

PAGE = Path(__file__).parents[2] / "ARCHITECTURE.md"


def test_the_picture_on_the_page_is_drawn_from_the_table() -> None:
    drawn = PAGE.read_text().partition("```mermaid\n")[2].partition("\n```")[0]
    assert drawn == picture()
