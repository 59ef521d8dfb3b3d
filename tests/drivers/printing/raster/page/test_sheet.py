"""Where pages lie on paper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.raster.page.refusals import Refusal, Refused
from agent.drivers.printing.raster.page.request import Sheet
from agent.drivers.printing.raster.page.sheet import Place, place

A4 = Sheet()


def test_an_a4_page_keeps_the_edges_of_an_a4_sheet_white() -> None:
    assert place(595, 842, A4) == Place(50, 70, 2380, 3368, 0)


def test_a_page_that_lies_across_is_turned() -> None:
    assert place(842, 595, A4) == Place(50, 70, 2380, 3368, 1)


def test_a_page_that_lies_across_is_not_turned_on_such_a_sheet() -> None:
    assert place(842, 595, Sheet(width=29_700, height=21_000)).quarter_turns == 0


def test_a_square_is_not_turned() -> None:
    assert place(300, 300, A4).quarter_turns == 0


def test_a_small_page_is_not_enlarged_and_lies_in_the_middle() -> None:
    assert place(72, 144, A4) == Place((2480 - 300) // 2, (3508 - 600) // 2, 300, 600, 0)


@given(st.floats(1, 14_400), st.floats(1, 14_400), st.sampled_from([300, 600]), st.integers(0, 3_000))
def test_no_page_reaches_into_the_white_edges_or_loses_its_shape(
    width: float, height: float, dpi: int, edge: int
) -> None:
    sheet = Sheet(dpi=dpi, top=edge, right=edge, bottom=edge, left=edge)
    found = place(width, height, sheet)
    white = sheet.pixels(edge)
    assert found.left >= white
    assert found.top >= white
    assert found.left + found.width <= sheet.columns - white
    assert found.top + found.height <= sheet.rows - white
    if found.quarter_turns:
        width, height = height, width
    assert math.isclose(found.width + 1, (found.height + 1) * width / height, abs_tol=width / height + 2)


@pytest.mark.parametrize("size", [(0, 0), (595, 0.5), (14_401, 20), (math.inf, 842), (math.nan, 842), (-595, 842)])
def test_a_size_that_no_paper_has_is_refused(size: tuple[float, float]) -> None:
    with pytest.raises(Refused) as caught:
        place(*size, A4)
    assert caught.value.refusal is Refusal.PAGE_SIZE
