"""Train the reader of sentences beside passages: models/entailment.safetensors.

    pip install -e '.[train,transformer]'
    python scripts/train_entailment.py SHARED --into models --answers answers.jsonl

Begins with the lower layers of MiniLM (extra ``transformer``), whose word pieces the static encoder
splits into, and learns from the pairs of ``entailment_pairs.py``: what is wrong of a sentence, and
where. It learns twice, without the sentences made to be invented and with them, and the mean of the
two is kept: the one knows statements better, the other news. Then it learns on, more slowly, from
fixtures/newsrooms/ beside a part of what it knows. Each half of the labelled texts is also read by
a reader that never saw its sources; the answers go into a file, from which ``train_fabrication.py``
learns what an answer is worth. Takes some seven hours on one core.
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
from detail_rows import ALTERED, NEWSROOMS, Row, copies, every_row
from entailment_pairs import (
    CLASSES,
    Pair,
    beside_a_part,
    invented,
    pair_of,
    read_rows,
    statements,
)
from numpy.typing import NDArray
from safetensors.numpy import save
from sklearn.model_selection import GroupKFold
from torch.nn import functional
from train_fabrication import written
from transformers import BertModel

from detector.alignment import Aligner
from detector.encoders.static import StaticEncoder
from detector.encoders.transformer import packaged_minilm
from detector.entailment import FILE, MARKS, MOST_PIECES, Answers, PieceAnswers, laid_out
from detector.index import Index

# Three of six layers read twice as fast.
LAYERS = 3
# Of statements, each passage whose id ends so is read by the first half's reader unseen.
KEPT_OUT = "7"
# Inventions are the rarer answers.
COUNTS = (1.0, 2.0, 2.0)
# A piece of which nothing is learned.
NO_ANSWER = -100
FOLDS = 2
BATCH = 32
# Pairs of like length stand in one batch; so many batches are sorted at once.
SORTED = 20
DECAY, WARM, LEAST_RATE = 0.01, 100, 0.05
# How many pairs learned before stand beside those of the newsrooms, which are learned from last.
AGAIN = 7_600


@dataclass(frozen=True)
class Pace:
    """How all pairs are learned from.

    Attributes:
        epochs: how often.
        rate: how far each batch moves the body.
        head_rate: how far it moves the heads.
        forgets: whether one value in ten is left out of what layers pass on.
    """

    epochs: int
    rate: float
    head_rate: float
    forgets: bool


AT_FIRST, AT_LAST = Pace(3, 1e-4, 1e-3, forgets=False), Pace(2, 4e-5, 2e-4, forgets=True)


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
        self.piece_head = torch.nn.Linear(self.head.in_features, self.head.out_features)
        for head in (self.head, self.piece_head):
            torch.nn.init.normal_(head.weight, std=0.02)
        known = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf8"))
        numbers: dict[str, int] = known["model"]["vocab"]
        own = sorted(encoder.vocabulary, key=encoder.vocabulary.__getitem__)
        # Rows of MiniLM's table, in the order in which the reader keeps them.
        self.numbers = torch.tensor([numbers[piece] for piece in (*own, "[CLS]", "[SEP]")])

    def batch(self, pairs: Sequence[Pair]) -> tuple[torch.Tensor, ...]:
        """Return word pieces, which half each belongs to, which are there, and their answers."""
        passages = self.encoder.pieces([pair.passage for pair in pairs])
        sentences = self.encoder.placed([pair.sentence for pair in pairs])
        rows = [
            laid_out(passage, sentence.numbers, len(self.numbers) - MARKS)
            for passage, sentence in zip(passages, sentences, strict=True)
        ]
        longest = max(len(row) for row, _ in rows)
        padded = torch.tensor([row + [0] * (longest - len(row)) for row, _ in rows])
        places = torch.arange(longest)
        there = torch.stack([places < len(row) for row, _ in rows]).long()
        kinds = torch.stack([places >= half for _, half in rows]).long() * there
        answers = torch.full(padded.shape, NO_ANSWER)
        for n, (pair, sentence, (row, half)) in enumerate(zip(pairs, sentences, rows, strict=True)):
            ends = zip(sentence.starts.tolist(), sentence.ends.tolist(), strict=True)
            told = [pair.answer_at(*place) for place in ends][: len(row) - half - 1]
            answers[n, half : half + len(told)] = torch.tensor(told, dtype=torch.long)
        return self.numbers[padded], kinds, there, answers

    def logits(self, pairs: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return how much speaks for each answer, of pairs and of all pieces; and the answers.

        Returns:
            Shapes ``(pairs, 3)``, ``(pairs, pieces, 3)`` and ``(pairs, pieces)``.
        """
        numbers, kinds, there, answers = self.batch(pairs)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.body(
                input_ids=numbers, token_type_ids=kinds, attention_mask=there
            ).last_hidden_state
            second = kinds.unsqueeze(-1)
            pooled = hidden[:, 0] + (hidden * second).sum(1) / second.sum(1)
            whole, pieces = self.head(pooled).float(), self.piece_head(hidden).float()
        return whole, pieces, answers

    def loss(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Return how wrong the answers are, for the sentences and for their pieces."""
        whole, pieces, answers = self.logits(pairs)
        weight, right = torch.tensor(COUNTS), torch.tensor([pair.answer for pair in pairs])
        of_pieces = functional.cross_entropy(
            pieces.flatten(0, 1), answers.flatten(), weight=weight, ignore_index=NO_ANSWER
        )
        return functional.cross_entropy(whole, right, weight=weight) + of_pieces

    def learn(self, pairs: Sequence[Pair], seed: int, pace: Pace = AT_FIRST) -> None:
        """Learn from pairs, in an order that the seed decides."""
        order = random.Random(seed)
        body = [p for p in self.body.parameters() if p.requires_grad]
        heads = [*self.head.parameters(), *self.piece_head.parameters()]
        groups = [{"params": body}, {"params": heads}]
        optimiser = torch.optim.AdamW(groups, lr=pace.rate, weight_decay=DECAY)
        step, steps = 0, pace.epochs * -(-len(pairs) // BATCH)
        self.body.train(pace.forgets)
        for epoch in range(pace.epochs):
            lost = 0.0
            for own in batches(pairs, order):
                loss = self.loss(own)
                loss.backward()
                torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
                part = min(1, (step + 1) / WARM) * max(LEAST_RATE, 1 - step / steps)
                rates = (pace.rate, pace.head_rate)
                for group, rate in zip(optimiser.param_groups, rates, strict=True):
                    group["lr"] = rate * part
                optimiser.step()
                optimiser.zero_grad()
                step, lost = step + 1, lost + loss.item() / steps * pace.epochs
            click.echo(f"  epoch {epoch + 1}: loss {lost:.3f}", err=True)

    def meet(self, other: Learner) -> None:
        """Become the mean of two that began as one.

        Source: Wortsman et al. 2022, "Model soups".
        """
        with torch.no_grad():
            for name in ("body", "head", "piece_head"):
                both = getattr(self, name).parameters(), getattr(other, name).parameters()
                for own, theirs in zip(*both, strict=True):
                    own.lerp_(theirs, 0.5)

    def answers(self, pairs: Sequence[Pair]) -> Answers:
        """Return what is read, as ``EntailmentReader.read`` does."""
        whole = np.zeros((len(pairs), 3), np.float32)
        read: dict[int, PieceAnswers] = {}
        order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].passage + pairs[n].sentence))
        self.body.eval()
        with torch.no_grad():
            for start in range(0, len(order), BATCH):
                own = order[start : start + BATCH]
                placed = self.encoder.placed([pairs[n].sentence for n in own])
                found, pieces, answers = self.logits([pairs[n] for n in own])
                whole[own] = found.numpy()
                for n, at, each, told in zip(own, placed, pieces.numpy(), answers, strict=True):
                    odds = each[(told != NO_ANSWER).numpy()]
                    size = len(odds)
                    read[n] = PieceAnswers(
                        at.starts[:size], at.ends[:size],
                        odds[:, 1] - odds[:, 0], odds[:, 2] - odds[:, 0],
                    )  # fmt: skip
        in_order = tuple(read[n] for n in range(len(pairs)))
        return Answers(whole[:, 1] - whole[:, 0], whole[:, 2] - whole[:, 0], in_order)

    def tensors(self) -> bytes:
        """Return the reader as ``detector.entailment`` reads it."""
        heads = {"head": self.head, "piece_head": self.piece_head}
        return save(packed(self.body, heads, self.numbers, self.encoder.pieces_hash))


def learned(
    encoder: StaticEncoder,
    known: Sequence[Pair],
    more: Sequence[Pair],
    last: Sequence[Pair],
    seed: int,
) -> Learner:
    """Return the mean of a learner of some pairs and of one of these and more, taught the last."""
    few, all_ = Learner(encoder, seed), Learner(encoder, seed)
    few.learn(known, seed)
    all_.learn([*known, *more], seed)
    all_.meet(few)
    before = [*known, *more]
    again = random.Random(seed).sample(before, min(AGAIN, len(before)))
    all_.learn([*last, *again], seed, AT_LAST)
    return all_


def apart(rows: Sequence[Row]) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs of rows that are learned from at first, and of those learned from last."""
    first = [pair_of(row) for row in rows if row.origin != NEWSROOMS.name]
    return first, [pair_of(row) for row in rows if row.origin == NEWSROOMS.name]


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
    body: BertModel, heads: dict[str, torch.nn.Linear], numbers: torch.Tensor, pieces: bytes
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
    }
    for name, head in heads.items():
        tensors |= linear(name, head.weight.detach().numpy(), head.bias.detach().numpy())
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
    rows: Sequence[Row],
    told: Sequence[tuple[str, Pair]],
    cut: Sequence[tuple[str, Pair]],
    more: Sequence[tuple[str, Pair]],
    encoder: StaticEncoder,
) -> Iterator[tuple[Row, Answers, int]]:
    """Yield each row with answers of a reader that never saw its sources, and its number there."""
    groups = [f"{row.origin}:{row.group}" for row in rows]
    for n, (train, test) in enumerate(GroupKFold(FOLDS).split(rows, groups=groups)):
        kept = [pair for id, pair in told if n == 0 and id.endswith(KEPT_OUT)]
        known = [pair for id, pair in told if n or not id.endswith(KEPT_OUT)]
        unseen = {groups[m] for m in test}
        known += [pair for group, pair in cut if group not in unseen]
        others = [pair for group, pair in more if group not in unseen]
        first, last = apart([rows[m] for m in train])
        learner = learned(encoder, [*first, *known], others, last, seed=n)
        answers = learner.answers([pair_of(rows[m]) for m in test])
        yield from ((rows[m], answers, at) for at, m in enumerate(test))
        if kept:
            found = learner.answers(kept)
            best = np.column_stack([0 * found.lacking, found.contradicted, found.lacking])
            given = zip((p.answer for p in kept), best.argmax(axis=1).tolist(), strict=True)
            counts = Counter(given)
            right = sum(count for (answer, said), count in counts.items() if answer == said)
            click.echo(
                f"statements kept out: {right} of {len(kept)} right; {sorted(counts.items())}"
            )


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--answers", type=click.Path(path_type=Path), help="Where the halves' answers go.")
def main(shared: Path, into: Path, answers: Path | None) -> None:
    """Train on fixtures/statements and on the labelled texts of the fixtures and SHARED."""
    index = Index.in_memory()
    aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
    encoder = StaticEncoder.shipped()
    rows = read_rows(every_row(shared, aligner))
    told = list(statements(encoder))
    cut = list(beside_a_part(shared, aligner, encoder))
    more = list(invented(shared, aligner, encoder))
    click.echo(
        f"{len(rows)} sentences of labelled texts, {len(told)} statements, "
        f"{len(cut)} sentences beside a part of their source, {len(more)} made to be invented"
    )
    if answers:
        with answers.open("w", encoding="utf8") as file:
            file.writelines(written(*answer) for answer in halves(rows, told, cut, more, encoder))
    first, last = apart(rows)
    known = [*first, *(pair for _, pair in (*told, *cut))]
    reader = learned(encoder, known, [pair for _, pair in more], last, seed=FOLDS)
    (into / FILE).write_bytes(reader.tensors())
    if answers:  # on copies, from which none learns
        rows = read_rows(copies(ALTERED, aligner))
        told_of = reader.answers([pair_of(row) for row in rows])
        with answers.open("a", encoding="utf8") as file:
            file.writelines(written(row, told_of, n) for n, row in enumerate(rows))


if __name__ == "__main__":
    main()
