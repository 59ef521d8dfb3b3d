"""The network as it was set on site, beside the file: checked by the file's own rules, in the file's own words.

It counts instead of the file's [network] for as long as that is what it was when it was set: another file with
another [network] ends it. What is on trial lies in memory, so that a power cut ends the trial; what was confirmed
lies on the data partition. systemd runs the clock of the trial, so that no process of ours has to wait.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from agent.box.setup import active_file
from agent.box.tools.paths import Paths
from agent.foundation import files
from agent.foundation.errors import UserMistake
from provisioning.document import LIMIT_BYTES, Document, decode, parse
from provisioning.ledger import Ledger
from provisioning.model import Network
from provisioning.positions import Positions
from provisioning.problems import Level, Problem
from provisioning.rules.network import read_network
from provisioning.table import Table

_FILES = "in_the_file"  # the section that holds what [network] of the file was


class SiteNetwork(msgspec.Struct, frozen=True):
    """`network` is what was set; `of_file` what the file had for it then."""

    network: Network
    of_file: Network


def checked(network: Network) -> tuple[Network, tuple[str, ...]]:
    """The settings as the file's rules have them, and doubts about them. Raises `UserMistake` for wrong ones."""
    document = parse(_section("network", network))
    if isinstance(document, Problem):
        raise UserMistake("The settings hold a character that no address has.")
    found, problems = _read(document, "network")
    wrong = [problem for problem in problems if problem.level is Level.ERROR]
    if wrong:
        raise UserMistake(" ".join(_sentence(problem) for problem in wrong))
    return found, tuple(_sentence(problem) for problem in problems)


def in_use(paths: Paths, of_file: Network) -> SiteNetwork | None:
    """What counts instead of the file's [network], which is `of_file`; None where that counts itself."""
    return on_trial(paths) or confirmed(paths, of_file)


def on_trial(paths: Paths) -> SiteNetwork | None:
    """What is on trial, None where nothing is."""
    return _load(paths.network_trial)


def confirmed(paths: Paths, of_file: Network) -> SiteNetwork | None:
    """What was confirmed, None where nothing was, or the file has another [network] since."""
    found = _load(paths.site_network)
    return found if found and found.of_file == of_file else None


def begin(paths: Paths, site: SiteNetwork) -> None:
    """Put settings on trial. Raises `OSError`."""
    files.write_in_memory(paths.network_trial, _text(site), 0o600)


def end(paths: Paths) -> None:
    """Nothing is on trial any more. Raises `OSError`."""
    paths.network_trial.unlink(missing_ok=True)


def keep(paths: Paths, site: SiteNetwork) -> None:
    """Make settings last; those that are the file's own are none. Raises `OSError`."""
    paths.box.mkdir(exist_ok=True)
    if site.network == site.of_file:
        files.remove(paths.site_network)
    else:
        files.write(paths.site_network, _text(site), 0o600)


def forget_if_over(paths: Paths) -> None:
    """Forget settings that were set beside another file's [network]. Raises `OSError`."""
    if not paths.site_network.exists():
        return
    active = active_file.load(paths)
    usable = active.provisioning if active else None
    if confirmed(paths, usable.network if usable else Network()) is None:
        files.remove(paths.site_network)


def sentence(network: Network) -> str:
    """The settings in a few words."""
    if network.address is None:
        return f"address by DHCP{_dns(network)}"
    gateway = f", gateway {network.gateway}" if network.gateway else ", no gateway"
    return f"address {network.address}{gateway}{_dns(network)}"


def _dns(network: Network) -> str:
    return f", names from {', '.join(network.dns)}" if network.dns else ""


def _load(path: Path) -> SiteNetwork | None:
    try:
        with path.open("rb") as file:
            text = decode(file.read(LIMIT_BYTES))
    except OSError:
        return None
    document = parse(text) if isinstance(text, str) else text
    if isinstance(document, Problem):
        return None
    (network, wrong), (of_file, _) = _read(document, "network"), _read(document, _FILES)
    return None if any(problem.level is Level.ERROR for problem in wrong) else SiteNetwork(network, of_file)


def _read(document: Document, section: str) -> tuple[Network, list[Problem]]:
    values = document.get(section, {})
    ledger = Ledger((), Positions(""))
    network = read_network(Table(values if isinstance(values, dict) else {}, Network, ledger))
    return network, ledger.problems


def _sentence(problem: Problem) -> str:
    return f"{problem.path} {problem.wrong}. {problem.write.rstrip('.')}."


def _text(site: SiteNetwork) -> bytes:
    head = "# The network as it was set on site; it counts while the file's [network] is what stands below.\n"
    return (head + _section("network", site.network) + "\n" + _section(_FILES, site.of_file)).encode()


def _section(name: str, network: Network) -> str:
    return f"[{name}]\n" + "".join(f"{line}\n" for line in _lines(network))


def _lines(network: Network) -> Iterator[str]:
    # A text of JSON is one of TOML too.
    for name in network.__struct_fields__:
        value = getattr(network, name)
        if value is not None:
            yield f"{name} = {json.dumps(value)}"
