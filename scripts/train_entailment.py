"""Train the reader of sentences beside passages: models/entailment.safetensors.

    pip install -e '.[train,transformer]'
    python scripts/train_entailment.py SHARED --into models --answers answers.jsonl

Begins with the lower layers of MiniLM (extra ``transformer``), whose word pieces the static encoder
splits into, and learns from fixtures/statements/ and from the sentences of labelled texts that a
first look leaves in doubt, each beside the sentences of its sources that are most like it. Each
half of these texts is also read by a reader that never saw its sources; the answers go into a file,
from which ``train_fabrication.py`` learns what an answer is worth. Takes an hour on two cores.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from sklearn.model_selection import GroupKFold
from torch.nn import functional
from train_fabrication import DOUBTFUL, Row, every_row, first_look
from transformers import BertModel

from detector.alignment import Aligner
from detector.article import Article
from detector.encoders.static import StaticEncoder
from detector.encoders.transformer import packaged_minilm
from detector.entailment import FILE, MARKS, MOST_PIECES, laid_out
from detector.evidence.fabrication.case import PASSAGE
from detector.evidence.fabrication.weights import CLAIM
from detector.index import Index

STATEMENTS = Path(__file__).parent.parent / "fixtures" / "statements"
# Three of six layers read twice as fast.
LAYERS = 3
# What a passage has to say to a statement; what asserts nothing cannot be wrong.
CLASSES = {"supported": 0, "comment": 0, "contradicted": 1, "unsupported": 2}
# Of statements, each passage whose id ends so is read by the first half's reader unseen.
KEPT_OUT = "7"
# Claims that are more probable at first sight than this are learned from.
LEARNED_FROM = 0.05
# Inventions are a seventh of what is learned from.
COUNTS = (1.0, 2.0, 2.0)
FOLDS = 2
BATCH = 32
# Pairs of like length stand in one batch; so many batches are sorted at once.
SORTED = 20
EPOCHS = 3
RATE, HEAD_RATE, DECAY, WARM, LEAST_RATE = 1e-4, 1e-3, 0.01, 100, 0.05


@dataclass(frozen=True)
class Pair:
    """A sentence, the passage it is read beside, and the right answer."""

    passage: str
    sentence: str
    answer: int


def statements(encoder: StaticEncoder) -> Iterator[tuple[str, Pair]]:
    """Yield the statements on each passage, beside its sentences most like them."""
    for path in sorted(STATEMENTS.glob("*.jsonl")):
        for record in map(json.loads, path.read_text(encoding="utf8").splitlines()):
            told = [s.text for s in Article.from_text(record["passage"]).sentences]
            alike = (
                encoder.encode(told) @ encoder.encode([s["text"] for s in record["statements"]]).T
            )
            for each, column in zip(record["statements"], alike.T, strict=True):
                likest = sorted(np.argsort(-column, kind="stable")[:PASSAGE])
                passage = " ".join(told[n] for n in likest)
                yield record["id"], Pair(passage, each["text"], CLASSES[each["verdict"]])


def pair_of(row: Row) -> Pair:
    """Return the sentence of a row beside what its sources have nearest to it."""
    reading = row.doubt.reading
    if reading is None:
        raise click.ClickException("a claim has nothing to be read beside")
    marks = [(row.item.fabrications or ())[hit] for hit in row.hits]
    own = [mark for mark in marks if mark.kind == CLAIM] or marks
    answer = 0 if not own else 1 if own[0].verdict == "contradicted" else 2
    return Pair(reading.passage, reading.sentence, answer)


class Learner:
    """The reader while it learns."""

    def __init__(self, encoder: StaticEncoder, seed: int) -> None:
        torch.manual_seed(seed)
        torch.use_deterministic_algorithms(mode=True)
        self.encoder = encoder
        folder = packaged_minilm()
        self.body = BertModel.from_pretrained(
            folder, num_hidden_layers=LAYERS, hidden_act="gelu_pytorch_tanh",
            add_pooling_layer=False,
        )  # fmt: skip
        self.body.embeddings.requires_grad_(requires_grad=False)
        self.head = torch.nn.Linear(self.body.config.hidden_size, len(set(CLASSES.values())))
        torch.nn.init.normal_(self.head.weight, std=0.02)
        known = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf8"))
        numbers: dict[str, int] = known["model"]["vocab"]
        own = sorted(encoder.vocabulary, key=encoder.vocabulary.__getitem__)
        # Rows of MiniLM's table, in the order in which the reader keeps them.
        self.numbers = torch.tensor([numbers[piece] for piece in (*own, "[CLS]", "[SEP]")])

    def batch(self, pairs: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return word pieces, which half each belongs to, and which are there at all."""
        passages = self.encoder.pieces([pair.passage for pair in pairs])
        sentences = self.encoder.pieces([pair.sentence for pair in pairs])
        rows = [
            laid_out(passage, sentence, len(self.numbers) - MARKS)
            for passage, sentence in zip(passages, sentences, strict=True)
        ]
        longest = max(len(row) for row, _ in rows)
        padded = torch.tensor([row + [0] * (longest - len(row)) for row, _ in rows])
        places = torch.arange(longest)
        there = torch.stack([places < len(row) for row, _ in rows]).long()
        kinds = torch.stack([places >= half for _, half in rows]).long() * there
        return self.numbers[padded], kinds, there

    def logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return how much speaks for each answer, shape ``(pairs, 3)``."""
        numbers, kinds, there = self.batch(pairs)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.body(
                input_ids=numbers, token_type_ids=kinds, attention_mask=there
            ).last_hidden_state
            second = kinds.unsqueeze(-1)
            pooled = hidden[:, 0] + (hidden * second).sum(1) / second.sum(1)
            told: torch.Tensor = self.head(pooled).float()
        return told

    def learn(self, pairs: Sequence[Pair], seed: int) -> None:
        """Learn from pairs, in an order that the seed decides."""
        order = random.Random(seed)
        body = [p for p in self.body.parameters() if p.requires_grad]
        groups = [{"params": body}, {"params": list(self.head.parameters())}]
        optimiser = torch.optim.AdamW(groups, lr=RATE, weight_decay=DECAY)
        step, steps = 0, EPOCHS * -(-len(pairs) // BATCH)
        for epoch in range(EPOCHS):
            lost = 0.0
            for own in batches(pairs, order):
                answers = torch.tensor([pair.answer for pair in own])
                loss = functional.cross_entropy(
                    self.logits(own), answers, weight=torch.tensor(COUNTS)
                )
                loss.backward()
                torch.nn.utils.clip_grad_norm_([*body, *self.head.parameters()], 1.0)
                pace = min(1, (step + 1) / WARM) * max(LEAST_RATE, 1 - step / steps)
                for group, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
                    group["lr"] = rate * pace
                optimiser.step()
                optimiser.zero_grad()
                step, lost = step + 1, lost + loss.item() / steps * EPOCHS
            click.echo(f"  epoch {epoch + 1}: loss {lost:.3f}", err=True)

    def answers(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Return the log-odds of "contradicted" and "lacking", shape ``(pairs, 2)``."""
        logits = np.zeros((len(pairs), 3), np.float32)
        order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].passage + pairs[n].sentence))
        self.body.eval()
        with torch.no_grad():
            for start in range(0, len(order), BATCH):
                own = order[start : start + BATCH]
                logits[own] = self.logits([pairs[n] for n in own]).numpy()
        return logits[:, 1:] - logits[:, :1]

    def tensors(self) -> bytes:
        """Return the reader as ``detector.entailment`` reads it."""
        return save(packed(self.body, self.head, self.numbers, self.encoder.pieces_hash))


def batches(pairs: Sequence[Pair], order: random.Random) -> list[list[Pair]]:
    """Return pairs in batches of like length, in a new order."""
    mixed = order.sample(list(pairs), len(pairs))
    cut: list[list[Pair]] = []
    for start in range(0, len(mixed), BATCH * SORTED):
        part = sorted(
            mixed[start : start + BATCH * SORTED], key=lambda p: len(p.passage + p.sentence)
        )
        cut += [part[n : n + BATCH] for n in range(0, len(part), BATCH)]
    order.shuffle(cut)
    return cut


def packed(
    body: BertModel, head: torch.nn.Linear, numbers: torch.Tensor, pieces: bytes
) -> dict[str, NDArray]:
    """Return the tensors of a reader: matrices as 8-bit numbers, all else as it is."""
    given = {name: t.detach().float().numpy() for name, t in body.state_dict().items()}
    words, scales = eight_bits(given["embeddings.word_embeddings.weight"][numbers.numpy()].T)
    tensors = {
        "layers": np.array([body.config.num_hidden_layers]),
        "pieces": np.frombuffer(pieces, np.uint8),
        "words": np.ascontiguousarray(words.T),
        "words.scale": scales,
        "positions": given["embeddings.position_embeddings.weight"][:MOST_PIECES],
        "kinds": given["embeddings.token_type_embeddings.weight"],
        "norm.weight": given["embeddings.LayerNorm.weight"],
        "norm.bias": given["embeddings.LayerNorm.bias"],
        **linear("head", head.weight.detach().numpy(), head.bias.detach().numpy()),
    }
    for n in range(body.config.num_hidden_layers):
        whole, own = f"encoder.layer.{n}.", f"{n}."
        asked = f"{whole}attention.self.query"
        tensors |= linear(f"{own}query", given[f"{asked}.weight"], given[f"{asked}.bias"])
        told = [f"{whole}attention.self.{part}" for part in ("key", "value")]
        tensors |= linear(
            f"{own}told",
            np.concatenate([given[f"{part}.weight"] for part in told]),
            np.concatenate([given[f"{part}.bias"] for part in told]),
        )
        for name, part in (
            ("joined", "attention.output"), ("wide", "intermediate"), ("narrow", "output"),
        ):  # fmt: skip
            dense = f"{whole}{part}.dense"
            tensors |= linear(f"{own}{name}", given[f"{dense}.weight"], given[f"{dense}.bias"])
        for number, part in ((1, "attention.output"), (2, "output")):
            for side in ("weight", "bias"):
                tensors[f"{own}norm{number}.{side}"] = given[f"{whole}{part}.LayerNorm.{side}"]
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def linear(name: str, weight: NDArray, bias: NDArray) -> dict[str, NDArray]:
    """Return a linear layer, its matrix turned so that rows of numbers stand before it."""
    numbers, scales = eight_bits(weight.T)
    return {f"{name}.weight": numbers, f"{name}.scale": scales, f"{name}.bias": bias}


def eight_bits(matrix: NDArray) -> tuple[NDArray, NDArray]:
    """Round each column to 255 steps; return the steps, and the size of each column's."""
    scales = np.maximum(np.abs(matrix).max(axis=0), 1e-12).astype(np.float32) / 127
    return np.rint(matrix / scales).astype(np.int8), scales


def halves(
    rows: Sequence[Row], told: Sequence[tuple[str, Pair]], learners: Sequence[Learner]
) -> NDArray[np.float32]:
    """Return what readers answer that never saw the sources of what they read."""
    pairs = [pair_of(row) for row in rows]
    found = np.zeros((len(rows), 2), np.float32)
    groups = [f"{row.origin}:{row.group}" for row in rows]
    for n, (train, test) in enumerate(GroupKFold(FOLDS).split(pairs, groups=groups)):
        kept = [pair for id, pair in told if n == 0 and id.endswith(KEPT_OUT)]
        known = [pair for id, pair in told if n or not id.endswith(KEPT_OUT)]
        own = [pairs[m] for m in train if is_learned(rows[m])]
        learners[n].learn([*own, *known], seed=n)
        found[test] = learners[n].answers([pairs[m] for m in test])
        if kept:
            best = np.column_stack([np.zeros(len(kept)), learners[n].answers(kept)]).argmax(axis=1)
            counts = Counter(zip((pair.answer for pair in kept), best.tolist(), strict=True))
            right = sum(count for (answer, given), count in counts.items() if answer == given)
            click.echo(
                f"statements kept out: {right} of {len(kept)} right; {sorted(counts.items())}"
            )
    return found


def in_doubt(rows: Sequence[Row]) -> list[Row]:
    """Return one row for each sentence that a first look leaves in doubt; a claim where it can."""
    found: dict[tuple[str, str, str], Row] = {}
    for kind in ("number", CLAIM):
        own = [row for row in rows if row.doubt.kind == kind]
        least, most = (LEARNED_FROM, 1.0) if kind == CLAIM else DOUBTFUL[kind]
        for row, probability in zip(own, first_look(kind, own), strict=True):
            if row.doubt.reading and least <= probability < most:
                found[row.place] = row
    return list(found.values())


def is_learned(row: Row) -> bool:
    """Tell whether the reader learns from a row: an article's claim, labelled as a whole."""
    return row.doubt.kind == CLAIM and row.is_clear and row.origin != "summaries"


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--answers", type=click.Path(path_type=Path), help="Where the halves' answers go.")
def main(shared: Path, into: Path, answers: Path | None) -> None:
    """Train on fixtures/statements and on the labelled texts of the fixtures and SHARED."""
    index = Index.in_memory()
    aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
    encoder = StaticEncoder.shipped()
    doubtful = in_doubt(list(every_row(shared, aligner)))
    told = list(statements(encoder))
    click.echo(f"{len(doubtful)} sentences are in doubt; there are {len(told)} statements")
    if answers:
        found = halves(doubtful, told, [Learner(encoder, n) for n in range(FOLDS)])
        with answers.open("w", encoding="utf8") as file:
            for row, odds in zip(doubtful, found.tolist(), strict=True):
                file.write(json.dumps([*row.place, *odds]) + "\n")
    reader = Learner(encoder, FOLDS)
    own = [pair_of(row) for row in doubtful if is_learned(row)]
    reader.learn([*own, *(pair for _, pair in told)], seed=FOLDS)
    (into / FILE).write_bytes(reader.tensors())


if __name__ == "__main__":
    main()
