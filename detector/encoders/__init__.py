"""Encoders: text to vectors whose cosine says how close two meanings are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

DEFAULT_ENCODER = "static"


class Encoder(Protocol):
    """Anything that turns texts into unit vectors.

    Attributes:
        name: says exactly which model this is; an index remembers it.
        dimensions: length of each vector.
    """

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text, shape ``(texts, dimensions)``."""
        ...


def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """Load an encoder.

    Args:
        name: ``static`` (shipped, needs no network), ``minilm`` (the packaged MiniLM of the extra
            ``transformer``), or the folder or name of any sentence-transformers model.

    Raises:
        MissingPackage: a transformer was asked for without its package.
        ModelError: the model cannot be loaded.
    """
    if name == DEFAULT_ENCODER:
        from detector.encoders.static import StaticEncoder

        return StaticEncoder.shipped()
    if (Path(name) / "table.safetensors").is_file():
        from detector.encoders.static import StaticEncoder

        return StaticEncoder.from_folder(Path(name))
    from detector.encoders.transformer import TransformerEncoder

    return TransformerEncoder(name)
