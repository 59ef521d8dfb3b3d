"""The bill of materials. Its form was checked against CycloneDX' own schema; here, what readers of it rely on."""

import json
import re
from typing import Any
from uuid import UUID

from image.publish import sbom
from image.publish.installed import Distribution, Package
from image.publish.release import Release

RELEASE = Release("0.2.0", "0123456789ab", "arm64", 1767225600)
PACKAGES = (
    Package("zlib1g", "1:1.3.dfsg+really1.3.1-1+b1", "arm64", "zlib", "1:1.3.dfsg+really1.3.1-1"),
    Package("base-files", "13.8+deb13u7", "arm64", "base-files", "13.8+deb13u7"),
)
DISTRIBUTIONS = (
    Distribution("typing_extensions", "4.16.0", "PSF-2.0", is_expression=True),
    Distribution("pyserial", "3.5", "BSD"),
    Distribution("mystery", "1"),
)


def document(release: Release = RELEASE) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(sbom.text(release, PACKAGES, DISTRIBUTIONS))
    return read


def by_name() -> dict[str, dict[str, Any]]:
    return {part["name"]: part for part in document()["components"]}


def test_the_head_says_what_it_is() -> None:
    head = document()
    assert (head["bomFormat"], head["specVersion"], head["version"]) == ("CycloneDX", "1.6", 1)
    prefix, _, number = head["serialNumber"].rpartition(":")
    assert (prefix, UUID(number).version) == ("urn:uuid", 5)


def test_it_belongs_to_one_build() -> None:
    metadata = document()["metadata"]
    assert metadata["timestamp"] == "2026-01-01T00:00:00Z"
    assert (metadata["component"]["type"], metadata["component"]["version"]) == ("operating-system", "0.2.0")
    assert "commit 0123456789ab" in metadata["component"]["description"]


def test_the_same_parts_in_another_order_give_the_same_text() -> None:
    assert sbom.text(RELEASE, PACKAGES[::-1], DISTRIBUTIONS[::-1]) == sbom.text(RELEASE, PACKAGES, DISTRIBUTIONS)


def test_other_content_has_another_serial_number() -> None:
    other = Release("0.2.1", RELEASE.commit, RELEASE.arch, RELEASE.epoch)
    assert document()["serialNumber"] != document(other)["serialNumber"]


def test_a_debian_package_has_its_url_and_its_source() -> None:
    part = by_name()["zlib1g"]
    assert part["purl"] == ("pkg:deb/debian/zlib1g@1:1.3.dfsg%2Breally1.3.1-1%2Bb1?arch=arm64&distro=debian-13")
    assert part["properties"] == [{"name": "debian:source", "value": "zlib 1:1.3.dfsg+really1.3.1-1"}]


def test_a_python_distribution_is_named_as_in_its_index() -> None:
    assert by_name()["typing_extensions"]["purl"] == "pkg:pypi/typing-extensions@4.16.0"


def test_a_licence_is_an_expression_a_name_or_left_out() -> None:
    parts = by_name()
    assert parts["typing_extensions"]["licenses"] == [{"expression": "PSF-2.0"}]
    assert parts["pyserial"]["licenses"] == [{"license": {"name": "BSD"}}]
    assert "licenses" not in parts["mystery"]


def test_every_part_has_what_the_schema_requires_and_a_reference_of_its_own() -> None:
    parts = document()["components"]
    assert len(parts) == len({part["bom-ref"] for part in parts}) == 5
    for part in parts:
        assert {"type", "name", "version", "bom-ref", "purl"} <= set(part)
        assert re.fullmatch(
            r"pkg:(deb/debian|pypi)/[a-z0-9.+%-]+@[A-Za-z0-9.:~%-]+(\?[a-z0-9=&-]+)?", part["purl"]
        )


def test_the_image_depends_on_every_part_and_each_reference_is_defined_once() -> None:
    read = document()
    references = [part["bom-ref"] for part in read["components"]]
    graph = {node["ref"]: node.get("dependsOn", []) for node in read["dependencies"]}
    assert graph[read["metadata"]["component"]["bom-ref"]] == references
    assert len(graph) == len(read["dependencies"]) == len(references) + 1
