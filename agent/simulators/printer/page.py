"""The page under `/_sim/` for people: what the printer does, and what came out, to look at.

Must never show a text from outside unescaped.
"""

from html import escape

from agent.simulators.base.control import CONTROL
from agent.simulators.printer.prints import Print

_SHOWN = 50  # the latest prints; each picture is made when it is looked at
_LINKS = 20  # pages of one print
_HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>'
    "body{{font:16px sans-serif;margin:2em}}article{{display:inline-block;vertical-align:top;margin:0 2em 2em 0}}"
    "img{{display:block;width:260px;border:1px solid #999;margin:.5em 0}}small{{color:#555}}"
    "</style></head><body><h1>{title}</h1><p>{state}</p>"
)
_FOOT = f'<p><small>JSON: <a href="{CONTROL}/prints">prints</a>, <a href="{CONTROL}/jobs">jobs</a></small></p>'


def page(title: str, state: str, prints: list[Print]) -> str:
    """The page; `state` is a sentence, the latest print comes first."""
    head = _HEAD.format(title=escape(title), state=escape(state))
    shown = "".join(_article(each) for each in prints[: -_SHOWN - 1 : -1])
    return f"{head}{shown or '<p>Nothing has come out yet.</p>'}{_FOOT}</body></html>"


def _article(print: Print) -> str:
    name = escape(print.job_name or "without a name")
    size = f"{print.sides} of {print.pages * print.copies} sides, {print.size} bytes"
    words = f"{escape(print.format)}, {print.copies} × {print.pages} pages, {print.ended or 'coming out'}: {size}"
    return (
        f"<article><b>{print.number}: {name}</b><br><small>{words}</small>{_picture(print)}"
        f'<a href="{CONTROL}/prints/{print.number}/document">document</a>{_links(print)}</article>'
    )


def _picture(print: Print) -> str:
    return f'<img loading="lazy" alt="page 1" src="{_address(print, 1)}">' if print.document is not None else ""


def _links(print: Print) -> str:
    numbers = range(1, min(print.pages, _LINKS) + 1)
    return "".join(f' <a href="{_address(print, number)}">{number}</a>' for number in numbers)


def _address(print: Print, number: int) -> str:
    return f"{CONTROL}/pages/{print.number}-{number}.png"
