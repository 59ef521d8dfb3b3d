"""Runs one of the agent's programs with its modules out of one file: `python -m agent.box.packed agent run ...`.

To look up some 430 modules, each in a file of its own, is a fifth of what the agent's start costs. The image's
build packs those that it loads (`pack`, run by the box's own Python); the others are found on the disk, as ever.
This module imports only what the interpreter has loaded by then: anything else would come from the disk.
"""

import io
import marshal
import runpy
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType

PACK = "/usr/lib/nightporter/start.pack"

Packed = tuple[str, str, bool, bytes]  # the source's path, the compiled file's, whether it is a package, its code
_HEADER_BYTES = 16  # of a compiled file, before its code (PEP 552)
_NO_REFERENCES = 2  # the last version of marshal whose bytes do not depend on who else holds an object


def can_pack(module: ModuleType) -> bool:
    """Whether it was loaded from a file of Python's, not from a library or the interpreter itself."""
    return module.__spec__ is not None and type(module.__spec__.loader) is SourceFileLoader


def pack(modules: list[ModuleType]) -> bytes:
    """These modules, each of which `can_pack`, as a pack. Raises `OSError` if one has no compiled file."""
    packed: dict[str, Packed] = {}
    for module in modules:
        spec = module.__spec__
        assert spec is not None
        assert spec.origin is not None
        assert spec.cached is not None
        with io.open_code(spec.cached) as file:
            code = file.read()[_HEADER_BYTES:]
        packed[spec.name] = (spec.origin, spec.cached, spec.submodule_search_locations is not None, code)
    return marshal.dumps(packed, _NO_REFERENCES)


class PackFinder:
    """Finds the modules of a pack, each once: an import tried again after a failure finds it on the disk."""

    def __init__(self, content: bytes) -> None:
        self._packed: dict[str, Packed] = marshal.loads(content)  # noqa: S302, as trusted as the code beside it

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """As `importlib.abc.MetaPathFinder` has it."""
        found = self._packed.pop(name, None)
        if found is None:
            return None
        origin, cached, is_package, code = found
        spec = ModuleSpec(name, _Loader(name, origin, code), origin=origin, is_package=is_package)
        spec.has_location = True
        spec.cached = cached
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(origin.rpartition("/")[0])
        return spec


class _Loader(SourceFileLoader):
    """The loader of a module's file in all but where its code comes from."""

    def __init__(self, name: str, path: str, code: bytes) -> None:
        super().__init__(name, path)
        self._code: bytes | None = code

    def get_code(self, fullname: str) -> CodeType | None:
        marshalled, self._code = self._code, None  # the module keeps its loader, and need not keep this
        if marshalled is None:
            return super().get_code(fullname)
        code: CodeType = marshal.loads(marshalled)  # noqa: S302, as trusted as the code beside it
        return code


def main() -> None:
    """The first argument is the module, the others are its own."""
    with io.open_code(PACK) as file:
        sys.meta_path.insert(0, PackFinder(file.read()))
    _, name, *arguments = sys.argv
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
