"""What the box says for its label, by values."""

from agent.console.label_words import label_text

SHOWN = ":".join(["AB"] * 31 + ["CD"])


def test_a_page_that_acts_is_told_with_the_fingerprint_to_print_within_eighty_columns() -> None:
    said = label_text("desk", "model X, serial number a1", "http://desk.local/", "https://desk.local/", SHOWN)
    lines = said.splitlines()
    assert lines[:3] == [
        "Night Porter   desk, model X, serial number a1",
        "Page           http://desk.local/",
        "To act         https://desk.local/",
    ]
    assert "".join(line[15:] for line in lines[3:5]) == SHOWN
    assert max(map(len, lines)) <= 80


def test_without_one_it_says_so() -> None:
    assert label_text("desk", "", "http://desk.local/", "", "").splitlines() == [
        "Night Porter   desk",
        "Page           http://desk.local/",
        "The page that acts is not served just now, so there is no certificate to name.",
    ]
