"""What a version says of itself: format, encoder, counts, calibration, and the hashes of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from knowledge.errors import VersionError
from knowledge.files import create
from knowledge.seal import damaged
from knowledge.store import VersionStore

FORMAT: Final = 3  # raised whenever a release reads or means something else by a version's files
MANIFEST: Final = "manifest.json"


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Writes it signed, in this release's format."""
    told = {"format": FORMAT, **manifest}
    with create(folder / MANIFEST) as file:
        file.write(json.dumps(told | {"sha256": _signature(told)}, indent=2).encode() + b"\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """A version's manifest. Raises VersionError when it is damaged or of another release, OSError when missing."""
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        if manifest["format"] != FORMAT:
            raise VersionError(
                f"Version {folder.name} of the knowledge base was written by another release: "
                "`sportello kb build` makes it again"
            )
        signature = manifest.pop("sha256")
    except (ValueError, KeyError, TypeError) as error:
        raise VersionError(damaged(path, str(error))) from error
    if signature != _signature(manifest):
        raise VersionError(damaged(path, "its content isn't what was written"))
    return manifest


def _signature(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def of_another_release(folder: Path) -> bool:
    """Whether the version that serves from a knowledge base's folder was written in another format."""
    current = VersionStore(folder).current_folder()
    try:
        stored = json.loads((current / MANIFEST).read_bytes())["format"] if current else FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        return False  # damaged, which is another matter
    return bool(stored != FORMAT)
