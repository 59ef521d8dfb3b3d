"""The bill of materials: CycloneDX 1.6, JSON (cyclonedx.org/docs/1.6/json). Pure; the same parts, the same text.

Each part has its package URL (github.com/package-url/purl-spec); a Debian package also the name and version of its
source, by which Debian's security notices go.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from image.publish.installed import Distribution, Package
from image.publish.release import Release

_DEBIAN = "debian-13"
_MAIN = "nightporter-image"  # the reference of what all the parts are parts of
Object = dict[str, Any]  # a JSON object


def text(release: Release, packages: Iterable[Package], distributions: Iterable[Distribution]) -> str:
    """The bill of materials of an image, one line for each value. Its serial number is made from its content."""
    components = [*(_debian(each) for each in packages), *(_python(each) for each in distributions)]
    components.sort(key=lambda each: str(each["bom-ref"]))
    content = {"metadata": _metadata(release), "components": components, "dependencies": _dependencies(components)}
    digest = hashlib.sha256(_json(content).encode()).hexdigest()
    head = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'sha256:{digest}')}",
        "version": 1,
    }
    return _json(head | content)


def debian_url(package: Package) -> str:
    """`pkg:deb/debian/NAME@VERSION?arch=...&distro=...`."""
    name, version = _quoted(package.name), _quoted(package.version)
    return f"pkg:deb/debian/{name}@{version}?arch={package.architecture}&distro={_DEBIAN}"


def python_url(distribution: Distribution) -> str:
    """`pkg:pypi/NAME@VERSION`, the name as packaging.python.org, "Names and normalization", has it."""
    name = re.sub("[-_.]+", "-", distribution.name).lower()
    return f"pkg:pypi/{_quoted(name)}@{_quoted(distribution.version)}"


def _metadata(release: Release) -> Object:
    image = {
        "type": "operating-system",
        "bom-ref": _MAIN,
        "name": "nightporter",
        "version": release.version,
        "description": f"Image of the box for {release.arch}, from commit {release.commit}",
    }
    return {"timestamp": release.moment, "lifecycles": [{"phase": "build"}], "component": image}


def _debian(package: Package) -> Object:
    url = debian_url(package)
    source = {"name": "debian:source", "value": f"{package.source} {package.source_version}"}
    return {
        "type": "library",
        "bom-ref": url,
        "name": package.name,
        "version": package.version,
        "purl": url,
        "properties": [source],
    }


def _python(distribution: Distribution) -> Object:
    url = python_url(distribution)
    known = {"licenses": [_licence(distribution)]} if distribution.licence else {}
    return {
        "type": "library",
        "bom-ref": url,
        "name": distribution.name,
        "version": distribution.version,
        **known,
        "purl": url,
    }


def _licence(distribution: Distribution) -> Object:
    if distribution.is_expression:
        return {"expression": distribution.licence}
    return {"license": {"name": distribution.licence}}


def _dependencies(components: list[Object]) -> list[Object]:
    references = [str(each["bom-ref"]) for each in components]
    return [{"ref": _MAIN, "dependsOn": references}, *({"ref": each} for each in references)]


def _quoted(value: str) -> str:
    """As package URLs want it: all but the plainest characters, and the colon, as %XX."""
    return quote(value, safe=":~")


def _json(value: Object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
