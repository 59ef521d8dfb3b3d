"""The English texts that reach a reader, taken out of the code: `python -m tests.extract_messages` lists them.

An f-string becomes a message with named places, for a phrasebook finds a sentence by what stands between them.
Only files in `READ` are looked at; what they hold that is no text for people is in `tests/messages_beside.py`, and
so is what the code puts together of single words.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2.ext import babel_extract

from agent.console.words.verbs import OWN
from agent.control.words.verbs import TABLE
from tests.messages_beside import BESIDE, NOT_FOR_PEOPLE, READ

ROOT = Path(__file__).parents[1]
_PLACE = re.compile(r"\{[a-z_0-9]+\}")
_EDGES = " ;,:\n"
_CALLS = ("_", "gettext", "ngettext")
_VERBS = {verb.name for verb in (*TABLE, *OWN)}  # as they are typed, in any language
_NO_TEXT = re.compile(r"</?[a-z]+[ >]|<!doctype |^HTTP/\d|^default-src |\{ [a-z-]+: ")  # HTML, HTTP, CSP, CSS


def extracted() -> dict[str, str]:
    """Each message with the place in the code where it was found first."""
    found: dict[str, str] = {}
    for file in _files():
        for text, line in _texts(ast.parse(file.read_text())):
            message = _trimmed(text)
            if is_for_people(message):
                found.setdefault(message, f"{file.relative_to(ROOT)}:{line}")
    return found | dict.fromkeys(BESIDE, "tests/messages_beside.py")


def of_templates() -> dict[str, str]:
    """The texts of the page's templates, of a plural its singular, with the file of each."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "agent" / "status").rglob("*.html")):
        with file.open("rb") as content:
            for _, _, said, _ in babel_extract(content, _CALLS, [], {"extensions": "jinja2.ext.i18n"}):
                message = next(filter(None, said)) if isinstance(said, tuple) else said
                if message:
                    found.setdefault(message, str(file.relative_to(ROOT)))
    return found


def is_for_people(message: str) -> bool:
    """Whether a text looks like words, and is not known to be none."""
    bare = _PLACE.sub("", message)
    is_setting = "\n" in message and " = " in message  # the settings of a program
    is_text = " " in message and re.search("[a-z]{2}", bare) is not None and not is_setting
    return is_text and not _NO_TEXT.search(message) and message not in NOT_FOR_PEOPLE | _VERBS


def _files() -> Iterator[Path]:
    for room in READ:
        place = ROOT / room
        files = [place] if place.is_file() else sorted(place.rglob("*.py"))
        yield from files


def _trimmed(text: str) -> str:
    bare = text.strip(_EDGES)
    return bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    yield from _walk(tree, set(_docstrings(tree)))


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for child in node.body:
                if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                    yield id(child.value)


def _walk(node: ast.AST, docstrings: set[int]) -> Iterator[tuple[str, int]]:
    if id(node) in docstrings:
        return
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
        pieces = _pieces(node)
        if pieces is not None:
            yield "".join(_named(pieces)), node.lineno
            inner: Iterable[ast.AST] = (piece for piece in pieces if not isinstance(piece, str))
            for child in inner:
                yield from _walk(child, docstrings)
            return
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, docstrings)


def _pieces(node: ast.expr) -> list[str | ast.expr] | None:
    """A text as its constants and what stands between them; None if it is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            parts = [value.value if isinstance(value, ast.FormattedValue) else value for value in values]
            return [part.value if _is_text(part) else part for part in parts]  # type: ignore[attr-defined]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = _pieces(left), _pieces(right)
            if first is None and second is None:
                return None
            return (first or [left]) + (second or [right])
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _named(pieces: Iterable[str | ast.expr]) -> Iterator[str]:
    """The pieces with a name for each expression: its own, with a number where another one has it already."""
    taken: dict[str, str] = {}
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        name, shown, number = _name(piece), ast.dump(piece), 1
        candidate = name
        while taken.setdefault(candidate, shown) != shown:
            number += 1
            candidate = f"{name}{number}"
        yield f"{{{candidate}}}"


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower().strip("_")
        case ast.Call(args=[first, *_]):
            return _name(first)
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _name(inner)
    return "value"


if __name__ == "__main__":
    for message, where in extracted().items():
        print(f"{where}: {message}")
