"""Every status leads somewhere, and none that may have taken a document is called refused."""

import pytest

from agent.drivers.printing.ipp.statuses import Next, name_of, next_of


@pytest.mark.parametrize(
    ("status", "following"),
    [
        (0x0000, Next.GO_ON),
        (0x0001, Next.GO_ON),
        (0x0406, Next.NOT_THERE),
        (0x0408, Next.TOO_LARGE),
        (0x040A, Next.OTHER_FORMAT),
        (0x040B, Next.OTHER_FORMAT),
        (0x0411, Next.DAMAGED),
        (0x0502, Next.TRY_LATER),
        (0x0503, Next.OTHER_VERSION),
        (0x0504, Next.TROUBLE),
        (0x0505, Next.TRY_LATER),
        (0x0506, Next.TRY_LATER),
        (0x0507, Next.TRY_LATER),
        (0x050B, Next.TRY_LATER),
    ],
)
def test_what_follows_is_what_the_table_of_the_reference_says(status: int, following: Next) -> None:
    assert next_of(status) is following


@pytest.mark.parametrize(
    ("status", "following"),
    [
        (0x0042, Next.GO_ON),
        (0x0100, Next.DOUBT),
        (0x0200, Next.REFUSED),
        (0x0280, Next.REFUSED),
        (0x0300, Next.DOUBT),
        (0x0499, Next.REFUSED),
        (0x0500, Next.DOUBT),
        (0x05FF, Next.DOUBT),
        (0x1000, Next.DOUBT),
        (0xFFFF, Next.DOUBT),
    ],
)
def test_a_status_that_no_list_has_is_judged_by_its_class(status: int, following: Next) -> None:
    assert next_of(status) is following


@pytest.mark.parametrize(
    ("ignored", "following"),
    [
        (set(), Next.OTHER_FORMAT),
        ({"document-format"}, Next.OTHER_FORMAT),
        ({"document-format", "copies"}, Next.OTHER_FORMAT),
        ({"copies"}, Next.OTHER_COPIES),
        ({"copies", "job-name"}, Next.OTHER_COPIES),
        ({"job-name"}, Next.REFUSED),
    ],
)
def test_of_unsupported_values_the_answer_tells_which(ignored: set[str], following: Next) -> None:
    assert next_of(0x040B, ignored) is following
    assert next_of(0x0507, ignored) is Next.TRY_LATER


def test_every_status_leads_somewhere_and_has_a_name_with_its_number() -> None:
    for status in range(0x10000):
        assert next_of(status) in Next
        assert f"{status:04x}" in name_of(status)


def test_everything_that_can_follow_follows_from_something() -> None:
    assert {next_of(status) for status in range(0x600)} | {next_of(0x040B, {"copies"})} == set(Next)


def test_a_status_has_the_name_of_the_registry_or_says_that_it_has_none() -> None:
    assert (name_of(0x0507), name_of(0x0599)) == ("busy, 0507", "unknown status, 0599")
