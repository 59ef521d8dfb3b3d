"""A pack: modules out of one file are the modules that they are on the disk."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from agent.box import packed
from agent.box.packed import PackFinder, can_pack, pack

SOURCES = {
    "porter_house/__init__.py": "ROOMS = 20\n",
    "porter_house/desk.py": "from porter_house import ROOMS\ndef answer():\n    return ROOMS + 1\n",
    "porter_house/door.py": "raise ValueError('stuck')\n",
    "porter_house/note.txt": "a file beside the code",
    "porter_house/__main__.py": "import sys\nfrom . import desk\nprint(__name__, sys.argv[1:], desk.answer())\n",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a package that was not imported yet."""
    for path, text in SOURCES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])  # copies: what a test adds goes with it
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)  # a pack is made of compiled files
    importlib.invalidate_caches()
    yield tmp_path
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.startswith("porter_house")]:
        del sys.modules[name]


def packed_house() -> bytes:
    modules = [importlib.import_module(name) for name in ("porter_house", "porter_house.desk")]
    content = pack(modules)
    forget()
    return content


def test_a_packed_module_is_what_it_is_on_the_disk(house: Path) -> None:
    sys.meta_path.insert(0, PackFinder(packed_house()))
    (house / "porter_house/desk.py").write_text("raise AssertionError('it was read from the disk')")
    desk = importlib.import_module("porter_house.desk")
    assert desk.answer() == 21
    assert desk.__file__ == str(house / "porter_house/desk.py")
    assert desk.__spec__ is not None
    assert desk.__spec__.cached is not None
    assert Path(desk.__spec__.cached).exists()
    assert sys.modules["porter_house"].__path__ == [str(house / "porter_house")]


def test_what_lies_beside_the_code_is_found(house: Path) -> None:
    sys.meta_path.insert(0, PackFinder(packed_house()))
    from importlib.resources import files

    assert files("porter_house").joinpath("note.txt").read_text() == "a file beside the code"


def test_what_is_not_in_the_pack_comes_from_the_disk(house: Path) -> None:
    sys.meta_path.insert(0, PackFinder(packed_house()))
    with pytest.raises(ValueError, match="stuck"):
        importlib.import_module("porter_house.door")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("porter_house.cellar")


def test_a_module_that_was_taken_once_comes_from_the_disk(house: Path) -> None:
    sys.meta_path.insert(0, PackFinder(packed_house()))
    assert importlib.import_module("porter_house").ROOMS == 20
    forget()
    (house / "porter_house/__init__.py").write_text("ROOMS = 3000\n")
    assert importlib.import_module("porter_house").ROOMS == 3000


def test_code_is_not_held_twice(house: Path) -> None:
    sys.meta_path.insert(0, PackFinder(packed_house()))
    desk = importlib.import_module("porter_house.desk")
    assert desk.__spec__ is not None
    assert [value for value in vars(desk.__spec__.loader).values() if isinstance(value, bytes)] == []


def test_a_pack_of_the_same_modules_has_the_same_bytes(house: Path) -> None:
    assert packed_house() == packed_house()


def test_libraries_and_what_the_interpreter_brings_are_not_packed() -> None:
    import _ssl

    assert [can_pack(module) for module in (sys, _ssl, ModuleType("made_here"))] == [False, False, False]
    assert can_pack(packed)


def test_a_program_runs_out_of_a_pack(house: Path, tmp_path: Path) -> None:
    (tmp_path / "start.pack").write_bytes(packed_house())
    (house / "porter_house/desk.py").unlink()
    code = f"from agent.box import packed; packed.PACK = {str(tmp_path / 'start.pack')!r}; packed.main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "porter_house", "--listen", "80"],
        env={"PYTHONPATH": f"{house}:{Path.cwd()}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("__main__ ['--listen', '80'] 21\n", "")
