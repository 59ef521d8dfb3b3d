"""The data partition: made on the first start, checked, mounted and made longer on every other one.

Its name in the partition table tells what may be done to it. `data-new` is being made: nothing is on it that could
be lost, and it is formatted at each start until that has succeeded. Then it becomes `data`, and is never formatted
again, whatever is wrong with it: a person decides that (`factory_reset`). Trouble never stops the box: it says so.
"""

import os
import pwd
from pathlib import Path

from agent.box.boot import disks, factory_reset
from agent.box.boot.disks import Disk, DiskTrouble, Partition, Table
from agent.box.boot.storage_trouble import PROTECTED, REMEDY, StorageTrouble, require_room
from agent.box.tools import filesystem, programs
from agent.box.tools.filesystem import Finding
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble, Run
from agent.foundation.errors import reason_of
from agent.foundation.reading.text import plain
from agent.handover import notices, steps

DATA = "data"
COMING = "data-new"
USER = "nightporter"  # the agent's

TROUBLE = "storage"  # notice: no place to keep things
REPAIRED = "storage-repaired"  # notice: there was damage
NO_RESET = "factory-reset"  # notice: a reset that was asked for did not begin

_CODE = "E-BOX-STORAGE"
_DAY = 24 * 3600  # s
_WORTH_GROWING = 64 * 1024 * 1024  # bytes behind the partition; less is what alignment and the backup table leave
_WORTH_FILLING = _WORTH_GROWING // 2  # bytes; less is what ext4 leaves when its last group would be too short


def mount_data(paths: Paths, run: Run = programs.run, user: str = USER) -> None:
    """Mount the data partition, with its folders in it. What prevents it becomes a notice; never raises for it."""
    account = pwd.getpwnam(user)
    try:
        if _options(paths) is None:
            _mount(paths, account.pw_uid, run)
        _require_writable(paths)
        _make_folders(paths, account)
    except StorageTrouble as trouble:
        _note(paths, TROUBLE, f"{trouble} {trouble.remedy}")
    except DiskTrouble as trouble:
        _note_trouble(paths, str(trouble))
    except ProgramTrouble as trouble:
        _note_trouble(paths, f"The data partition cannot be made ready ({trouble}).")
    except OSError as error:
        _note_trouble(paths, f"The data partition cannot be written ({reason_of(error)}).")
    else:
        notices.drop(TROUBLE, paths.notices)


def _mount(paths: Paths, user: int, run: Run) -> None:
    disk = disks.of_root(paths)
    table = disks.read(disk, run)
    if disk.is_write_protected():
        _mount_protected(paths, table, run)
        return
    table = _reset_where_asked(paths, disk, table, run)
    require_room(disk, table, DATA, COMING)
    partition = table.named(DATA) or table.named(COMING) or _appended(paths, disk, table, run)
    if table.bytes_behind(partition, disk.size()) >= _WORTH_GROWING:
        partition = _lengthened(paths, disk, partition, run)
    if not disks.kernel_knows(disk, partition, table.sectorsize):
        disks.show_kernel(disk, partition, run)
    if partition.name == COMING:
        _make(paths, disk, partition, run)
    _mount_checked(paths, partition.node, user, run)
    _fill(paths, partition.node, partition.size * table.sectorsize, run)


def _mount_protected(paths: Paths, table: Table, run: Run) -> None:
    """Nothing that writes is tried: what the tools say of it tells a person nothing."""
    partition = table.named(DATA)
    if partition is None:
        raise StorageTrouble("The card or disk is write-protected: the box cannot keep anything on it.", PROTECTED)
    _mount_to_read(paths, partition.node, "the disk is write-protected", run)


def _reset_where_asked(paths: Paths, disk: Disk, table: Table, run: Run) -> Table:
    if not factory_reset.asked(paths):
        return table
    _say(paths, "A factory reset was asked for: everything that the box has kept goes.")
    try:
        factory_reset.begin(paths, disk, table.named(DATA), COMING, run)
    except (ProgramTrouble, OSError) as trouble:
        why = plain(reason_of(trouble), 200)
        table = disks.read(disk, run)
        if table.named(DATA) is None:
            raise StorageTrouble(
                "The factory reset cannot go on: the file factory-reset cannot be removed from the boot partition "
                f"({why})."
            ) from None
        _note(paths, NO_RESET, f"The factory reset was not begun, and nothing is lost ({why}).")
        return table
    notices.drop(NO_RESET, paths.notices)
    return disks.read(disk, run)


def _appended(paths: Paths, disk: Disk, table: Table, run: Run) -> Partition:
    _say(paths, "The data partition is being added to the disk.")
    disks.append(disk, table, COMING, run)
    partition = disks.read(disk, run).named(COMING)
    if partition is None:
        raise StorageTrouble("The disk does not keep its partition table: the card is broken or write-protected.")
    return partition


def _lengthened(paths: Paths, disk: Disk, partition: Partition, run: Run) -> Partition:
    _say(paths, "The disk is bigger than its partitions: the data partition is being made longer.")
    try:
        disks.lengthen(disk, partition, run)
    except ProgramTrouble as trouble:  # what is on it is there all the same
        _say(paths, f"The data partition stays as long as it was ({trouble}).")
    return disks.read(disk, run).named(partition.name) or partition


def _make(paths: Paths, disk: Disk, partition: Partition, run: Run) -> None:
    _say(paths, "The data partition is being made. This may take a minute or two.")
    filesystem.make(partition.node, DATA, run)
    disks.rename(disk, partition, DATA, run)
    _say(paths, "The data partition is made.")


def _mount_checked(paths: Paths, node: str, user: int, run: Run) -> None:
    finding, words = filesystem.check(node, run)
    if finding is Finding.REPAIRED:
        _note(
            paths,
            REPAIRED,
            "The data partition was damaged and has been repaired. If this comes again, the card is worn out: "
            "replace it.",
            lasts=_DAY,
        )
    if finding is not Finding.DAMAGED:
        try:
            filesystem.mount(node, paths.data, user, run)
        except ProgramTrouble as trouble:
            words = str(trouble)
    if _options(paths) is None:
        _mount_to_read(paths, node, words, run)
    elif not _is_read_only(paths):
        _say(paths, "The data partition is mounted.")


def _mount_to_read(paths: Paths, node: str, words: str, run: Run) -> None:
    try:
        filesystem.mount_to_read(node, paths.data, run)
    except ProgramTrouble as trouble:
        raise StorageTrouble(f"The data partition cannot be mounted ({words or trouble}).") from None
    _say(paths, f"The data partition cannot be mounted for writing ({words}).")


def _fill(paths: Paths, node: str, partition_bytes: int, run: Run) -> None:
    if _is_read_only(paths) or partition_bytes - filesystem.length(node) < _WORTH_FILLING:
        return
    _say(paths, "The file system of the data partition is being made longer.")
    try:
        filesystem.grow(node, run)
    except ProgramTrouble as trouble:  # what was there before is there still
        _say(paths, f"The file system of the data partition stays as long as it was ({trouble}).")


def _make_folders(paths: Paths, account: pwd.struct_passwd) -> None:
    for path in (paths.identity, paths.update, paths.rauc, paths.box):
        _make_folder(path, 0o755)
    _make_folder(paths.provisioning, 0o700)
    _make_folder(paths.state, 0o700)
    if _owner(paths.state) != (account.pw_uid, account.pw_gid):
        _hand_over(paths.state, account.pw_uid, account.pw_gid)


def _make_folder(path: Path, mode: int) -> None:
    path.mkdir(mode, exist_ok=True)
    if path.stat().st_mode & 0o7777 != mode:
        path.chmod(mode)


def _hand_over(folder: Path, user: int, group: int) -> None:
    # Another image may number its users otherwise. The folder itself comes last: its owner says that all is done.
    for inner, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(inner) / name, user, group, follow_symlinks=False)
    os.chown(folder, user, group)


def _owner(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_uid, status.st_gid


def _options(paths: Paths) -> frozenset[str] | None:
    return filesystem.mounted_options(paths.mounts, paths.data)


def _is_read_only(paths: Paths) -> bool:
    return "ro" in (_options(paths) or ())


def _require_writable(paths: Paths) -> None:
    if not _is_read_only(paths):
        return
    if disks.of_root(paths).is_write_protected():
        words = "The card or disk is write-protected: no key can be cut, and nothing new is kept."
        raise StorageTrouble(words, PROTECTED)
    raise StorageTrouble("The data partition can only be read: no key can be cut, and nothing new is kept.")


def _note_trouble(paths: Paths, sentence: str) -> None:
    _note(paths, TROUBLE, f"{sentence} {REMEDY}")


def _note(paths: Paths, name: str, text: str, lasts: float | None = None) -> None:
    notices.put(name, _CODE, text, lasts=lasts, folder=paths.notices)
    _say(paths, text)


def _say(paths: Paths, text: str) -> None:
    steps.say(f"storage: {text}", paths.steps)
