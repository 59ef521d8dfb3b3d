"""The reader of programs that looks into the image, against a program that is here."""

import sys
from pathlib import Path

import pytest

from tests.image.built.elf import needed


def test_a_program_names_its_libraries() -> None:
    assert "libc.so.6" in needed(Path(sys.executable).resolve().read_bytes())


def test_what_is_no_program_is_refused() -> None:
    with pytest.raises(ValueError, match="no ELF"):
        needed(b"#!/bin/sh\n")
