"""A box made of folders, for the tests of what is taken from the boot partition and what becomes of it."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from shutil import rmtree

from agent.box.setup import apply, take
from agent.box.setup.adoption import Adoption
from agent.box.setup.announce import Announcer
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished, ProgramTrouble
from agent.handover.notices import Notice, standing
from tests.provisioning.text import PASSWORD, filled_in

EXAMPLE = filled_in("provisioning.toml").encode()
PROFILE = b'base = "coder-bridge-v2"\n'
BAD_PROFILE = b'base = "coder-bridge-v3"\n'


def provisioning(password: str = PASSWORD, profile: str = "coder-bridge-v2", more: str = "") -> bytes:
    """A good file with this password at the Coder Bridge, and this profile. `more` stands instead of [page]."""
    text = EXAMPLE.decode().replace(PASSWORD, password)
    text = text.replace('profile = "coder-bridge-v2"', f'profile = "{profile}"')
    if more:
        text = text.partition("[page]")[0] + more
    return text.encode()


def undoubted() -> bytes:
    """A good file with an address of its own, to which nothing has to be said."""
    text = EXAMPLE.decode().partition("[[visionline]]")[0]
    return text.replace("active = true ", "active = false").encode()


class Programs:
    """Stands for the system's programs: notes what was run, and fails what it is told to."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.says: dict[str, str] = {}  # by a program's first two words
        self.fails: Callable[[tuple[str, ...]], bool] = lambda argv: False

    def __call__(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        self.ran.append(tuple(argv))
        if self.fails(tuple(argv)):
            raise ProgramTrouble(argv[0], 32, "the disk is write-protected")
        return Finished(0, self.says.get(" ".join(argv[:2]), ""), "")


class Box:
    """`boot` is given where the boot partition is a real FAT."""

    def __init__(self, folder: Path, boot: Path | None = None) -> None:
        self.folder = folder
        self.paths = Paths(
            boot=boot or folder / "boot",
            data=folder / "data",
            run=folder / "run",
            credstore=folder / "credstore",
            network=folder / "network",
            units=folder / "units",
            release=folder / "release.json",
            mounts=folder / "mounts",
            hostname=folder / "hostname",
            interfaces=folder / "interfaces",
        )
        for path in (self.paths.boot, self.paths.data, self.paths.run):  # tmpfiles makes the last
            path.mkdir(parents=True, exist_ok=True)
        self.paths.release.write_text('{"version": "0.2.0", "commit": "5ee411e", "arch": "amd64"}')
        self.mount("boot", "data")
        self.programs = Programs()

    def mount(self, *names: str) -> None:
        """What the kernel says is mounted."""
        kinds = {"boot": f"/dev/vda1 {self.paths.boot} vfat ro", "data": f"/dev/vda7 {self.paths.data} ext4 rw"}
        self.paths.mounts.write_text("".join(f"{kinds[name]} 0 0\n" for name in names))

    def put(self, name: str, content: bytes) -> Path:
        """A file on the boot partition, as an installer puts it there."""
        path = self.paths.boot / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def start(self, files: LastingFiles | None = None) -> None:
        """What `prepare` does with the file at a start; `/run` is empty then."""
        self.programs.ran.clear()
        take.take_offer(self.paths, self.programs, files)

    def lose_memory(self) -> None:
        """What a power cut takes: all that is derived at a start."""
        for folder in (self.paths.run, self.paths.network, self.paths.credstore, self.paths.units):
            rmtree(folder, ignore_errors=True)
        self.paths.run.mkdir()

    def confirm(self) -> None:
        """A person says that the file on trial stays."""
        announcer = Announcer(self.paths, self.programs, LastingFiles())
        Adoption(self.paths, LastingFiles(), announcer.say).end_trial()
        announcer.stays("it stays")

    def apply(self) -> None:
        apply.apply_file(self.paths, self.programs)

    @property
    def on_boot(self) -> dict[str, bytes]:
        """What lies there, by the way to it."""
        boot = self.paths.boot
        return {
            str(path.relative_to(boot)): path.read_bytes() for path in sorted(boot.rglob("*")) if path.is_file()
        }

    @property
    def kept(self) -> dict[str, bytes]:
        folder = self.paths.provisioning
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}

    @property
    def result(self) -> str:
        return self.paths.result.read_bytes().decode()

    @property
    def steps(self) -> str:
        return self.paths.steps.read_text()

    @property
    def notices(self) -> tuple[Notice, ...]:
        return standing(self.paths.notices)

    @property
    def has_written_boot(self) -> bool:
        return ("mount", "-o", "remount,rw", str(self.paths.boot)) in self.programs.ran

    def holding(self, text: bytes) -> set[str]:
        """The names of all files, wherever they are, in whose bytes the text is."""
        paths = {*self.folder.rglob("*"), *self.paths.boot.rglob("*")}
        return {path.name for path in paths if path.is_file() and text in path.read_bytes()}
