"""The README's way from a fresh clone to a cut key, run as it is written there."""

import json
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.switches import MewsSwitches
from provisioning.model import Provisioning
from provisioning.problems import Level
from provisioning.read import read
from tests.e2e.namespaces import inside, needs_net

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # s; the way takes about 6
EXAMPLE = "provisioning/examples/simulators.toml"


def block(name: str) -> str:
    """The lines of the README between the marks of that name."""
    text = (ROOT / "README.md").read_text()
    lines = text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0].splitlines()
    assert lines
    assert all(line.startswith("    ") for line in lines)
    return "\n".join(line.removeprefix("    ") for line in lines)


def answer(said: str, start: str) -> Any:
    """The JSON text that begins so, in what was printed without line ends."""
    return json.JSONDecoder().raw_decode(said, said.index(start))[0]


def example() -> Provisioning:
    reading = read((files("provisioning") / "examples" / "simulators.toml").read_bytes())
    assert {problem.level for problem in reading.problems} == {Level.WARNING}
    assert reading.provisioning is not None
    return reading.provisioning


@needs_net  # of its own: the ports that the README names may be in use outside
@pytest.mark.needs("bash", "curl")
def test_the_lines_of_the_readme_cut_a_key_and_tell_mews(tmp_path: Path) -> None:
    script = tmp_path / "pasted"
    script.write_text(block("simulators"))
    words = [*inside("ip link set lo up", "--net", "--pid", "--fork", "--kill-child"), "bash", "-e", str(script)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    ordered, [cut], [told] = (answer(done.stdout, start) for start in ('{"id"', '[{"slot"', '[{"id"'))
    assert (cut["encoder"], cut["room"]) == ("1", "101")
    assert (told["id"], told["state"]) == (ordered["id"], "Processed")


def test_the_readme_names_the_example_and_the_example_the_addresses_of_the_readme() -> None:
    lines, found = block("simulators"), example()
    assert f"--config {EXAMPLE} " in lines
    assert (ROOT / EXAMPLE).is_file()
    assert found.coder_bridge is not None
    for address in (found.mews.platform, found.coder_bridge.server.removesuffix(CoderBridgeSwitches().base)):
        assert f"--listen {address.removeprefix('http://')} " in lines
        assert f"{address}/_sim/" in lines
    assert f"http://{found.page.listen}/" in (ROOT / "README.md").read_text()


def test_the_example_fits_the_simulators_as_they_are_without_a_switch() -> None:
    found, bridge = example(), CoderBridgeSwitches()
    assert found.coder_bridge is not None
    assert found.mews.connector_token is not None
    assert found.mews.connector_token.reveal() == MewsSwitches().token
    assert (found.coder_bridge.username, found.coder_bridge.password.reveal()) == (
        bridge.client_id,
        bridge.client_pw,
    )
    assert found.coder_bridge.server.endswith(bridge.base)
