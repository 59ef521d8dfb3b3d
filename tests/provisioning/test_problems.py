"""How problems are put into words, by values."""

from provisioning.problems import Level, Problem, render


def warning(at: int) -> Problem:
    return Problem(f"doors.{at}", "is odd", "Write another", Level.WARNING)


def test_a_problem_is_one_line_of_level_place_mistake_and_remedy() -> None:
    assert Problem("box.name", "is missing", 'Write name = "a"').line == (
        'error    box.name: is missing. Write name = "a"'
    )


def test_errors_come_first_and_otherwise_the_order_stays() -> None:
    error = Problem("page.listen", "has no port", "Write it")
    assert render([warning(1), error, warning(2)]).splitlines() == [error.line, warning(1).line, warning(2).line]


def test_exactly_a_hundred_problems_are_all_shown_and_no_more_are_announced() -> None:
    assert render([warning(at) for at in range(100)]).splitlines() == [warning(at).line for at in range(100)]
