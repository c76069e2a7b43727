"""The shipped data files: where they are, and that they are what they claim to be.

Every file is plain data (JSON or safetensors) listed with its SHA-256 in
``models/manifest.json``; nothing is ever unpickled.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from detector.errors import ModelError


def model_folder() -> Path:
    """Return the folder of the shipped models: in the wheel, or beside an editable install."""
    package = Path(__file__).parent
    for folder in (package / "_models", package.parent / "models"):
        if (folder / "manifest.json").is_file():
            return folder
    raise ModelError(
        f"no models beside {package}: the installation is incomplete; install the package again"
    )


def read_model(name: str, folder: Path | None = None) -> bytes:
    """Return the bytes of a shipped model after checking them against the manifest.

    Args:
        name: its path below the folder, such as ``term-rarity.safetensors``.
        folder: the folder of models; the shipped one when absent.

    Raises:
        ModelError: the file is missing, not listed, or not the one that was listed.
    """
    folder = folder or model_folder()
    listed = _manifest(folder)
    if name not in listed or not (folder / name).is_file():
        raise ModelError(f"{folder} holds no model {name}: install the package again")
    content = (folder / name).read_bytes()
    found = sha256(content).hexdigest()
    if found != listed[name]:
        raise ModelError(
            f"{folder / name} has SHA-256 {found[:12]}…, the manifest says {listed[name][:12]}…: "
            "restore the file, or run scripts/list_models.py after training a new one"
        )
    return content


def model_hash(name: str, folder: Path | None = None) -> str:
    """Return the listed hash of a model as it stands in a report, ``sha256:…``."""
    listed = _manifest(folder or model_folder())
    return f"sha256:{listed[name][:16]}"


def _manifest(folder: Path) -> dict[str, str]:
    try:
        listed: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} has no readable manifest.json ({error})") from error
    return listed
