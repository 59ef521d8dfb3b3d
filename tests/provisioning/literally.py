"""An installer who does exactly what a problem says: gives the text of the file after it, or None for advice that
leaves something to think about."""

import re

from provisioning.problems import Problem

_WORD = r"[\w.]+"


def obeyed(text: str, problem: Problem) -> str | None:
    """The file after the replacement that the problem quotes, on its line."""
    write, lines = problem.write, text.split("\n")
    at = (problem.line_number or 1) - 1
    line = lines[at]
    if meant := re.fullmatch(rf"Did you mean ({_WORD})\?", write):
        new = re.sub(rf"(?<![\w.]){re.escape(_last_name(problem))}(?![\w.])", meant[1], line, count=1)
    elif scheme := re.fullmatch(r"Did you mean (\w+://)\?", write):
        new = re.sub(r"\w+://", scheme[1], line, count=1)
    elif header := re.match(r"Write (\[\[?[\w.]+\]\]?)(?! or|,)", write):
        new = header[1]
    elif value := re.match(
        r'(?:Write(?: something like| it like| it in quotes:)?|Did you mean) ("[^"]*")(?! =)', write
    ):
        new = _with_value(line, value[1], problem)
    elif setting := re.search(
        rf'(?:Write|:) (?:under \[{_WORD}\]: )?(({_WORD}) = (?:"[^"]*"|\[[^\]]*\]|[\w.]+))', write
    ):
        return "\n".join(_with_setting(lines, at, setting[2], setting[1]))
    else:
        return None
    return "\n".join([*lines[:at], new, *lines[at + 1 :]])


def _last_name(problem: Problem) -> str:
    return re.split(r"[., ]+", problem.path)[-1].strip('"')


def _with_value(line: str, value: str, problem: Problem) -> str:
    """The line with another value: the element that is named, or all of it; of a door, its name."""
    if problem.path.startswith("doors") and "lock id" in problem.wrong:
        return re.sub(r'"[^"]*"', lambda _: value, line, count=1)
    at = re.search(r"the (\d+)(?:st|nd|rd|th)$", problem.path)
    if at and "[" in line:
        elements = list(re.finditer(r'"[^"]*"|[\w.]+', line.partition("=")[2]))
        found = elements[int(at[1]) - 1]
        begin = line.index("=") + 1
        return line[: begin + found.start()] + value + line[begin + found.end() :]
    return line.partition("=")[0] + "= " + value


def _with_setting(lines: list[str], at: int, name: str, setting: str) -> list[str]:
    """The lines with a setting in the place of one with that name, or of that name below the line."""
    inside = re.compile(rf"(?<![\w.]){name}\s*=\s*(\"[^\"]*\"|\[[^\]]*\]|[^\s,}}]+)")
    if inside.search(lines[at]) and not lines[at].startswith("#"):
        return [*lines[:at], inside.sub(lambda _: setting, lines[at], count=1), *lines[at + 1 :]]
    below = at + (name != "format")
    return [*lines[:below], setting, *lines[below:]]
