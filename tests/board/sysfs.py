"""Folders like those of /sys, and what might stand in their files."""

from pathlib import Path

from hypothesis import strategies as st

# What a driver prints, and what none should: the readers live with all of it.
CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.integers().map(lambda number: f"{number}\n".encode()),
    st.integers(min_value=0).map(lambda number: f"{number:#x} {number:x}\n".encode()),
    st.sampled_from(
        [b"", b"\n", b"\0", b"0x01 0x02\n", b"9" * 5000, b"\xff\xfe", "١٢٣\n".encode(), b"1e400", b"NaN"]
    ),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
)


def put(folder: Path, **files: str | bytes | int) -> Path:
    """A folder with these files; what is no bytes gets the line end that the kernel writes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())
    return folder
