"""The sheet that a printer has loaded, from the name of its size."""

import pytest

from agent.drivers.printing.documents.paper import sheet
from agent.drivers.printing.ipp.answers import PrinterFacts


@pytest.mark.parametrize(
    ("media", "ready", "size"),
    [
        ("iso_a4_210x297mm", (), (21_000, 29_700)),
        ("na_letter_8.5x11in", (), (21_590, 27_940)),
        ("", ("oddity", "iso_a5_148x210mm", "iso_a4_210x297mm"), (14_800, 21_000)),
        ("", (), (21_000, 29_700)),
        ("letter", (), (21_000, 29_700)),
        ("custom_speck_1x1mm", ("iso_a5_148x210mm",), (14_800, 21_000)),  # no sheet, nor is a banner
        ("custom_banner_297x9999mm", (), (21_000, 29_700)),
        ("iso_a4_210x297mm and more", (), (21_000, 29_700)),
    ],
)
def test_the_default_counts_then_what_is_loaded_then_a4(
    media: str, ready: tuple[str, ...], size: tuple[int, int]
) -> None:
    found = sheet(PrinterFacts(media=media, media_ready=ready), 600)
    assert ((found.width, found.height), found.dpi) == (size, 600)
