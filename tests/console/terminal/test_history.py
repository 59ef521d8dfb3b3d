"""The lines of before: which are kept, and the way through them."""

from agent.console.terminal.history import MOST_LINES, History


def all_of(history: History) -> list[str]:
    walk = history.walk()
    return list(iter(lambda: walk.older(""), None))


def test_the_newest_line_comes_first() -> None:
    history = History()
    history.keep("one")
    history.keep("two")
    assert all_of(history) == ["two", "one"]


def test_blank_lines_and_repetitions_are_not_kept() -> None:
    history = History()
    for line in ["one", "one", "", "  ", "one", "two", "one"]:
        history.keep(line)
    assert all_of(history) == ["one", "two", "one"]


def test_old_lines_go() -> None:
    history = History()
    for number in range(MOST_LINES + 50):
        history.keep(str(number))
    assert all_of(history) == [str(number) for number in reversed(range(50, MOST_LINES + 50))]


def test_the_line_that_was_begun_is_found_again() -> None:
    history = History()
    history.keep("one")
    walk = history.walk()
    assert (walk.older("begun"), walk.older("one"), walk.newer("one"), walk.newer("begun")) == (
        "one",
        None,
        "begun",
        None,
    )


def test_what_is_changed_on_the_way_stays_so_only_on_this_way() -> None:
    history = History()
    history.keep("one")
    history.keep("two")
    walk = history.walk()
    walk.older("")
    walk.older("two changed")
    assert walk.newer("one") == "two changed"
    assert all_of(history) == ["two", "one"]


def test_after_a_log_out_there_is_none() -> None:
    history = History()
    history.keep("one")
    history.forget()
    assert all_of(history) == []
