"""One variant of an exercise: which firms there are, and what stands for every `$name` in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from filings.rules.dates import local_date
from filings.rules.exercises.schema import VARIANTS, Exercise
from filings.rules.papers import Client, client

NAME = re.compile(r"\$([A-Za-z][A-Za-z_]*)(?:\.([a-z][a-z0-9_]*))?")
"""A name in a text; with a firm's, what of it is meant."""


ANY = "any"
"""The name that means anything at all, each time anew."""


@dataclass(frozen=True, slots=True)
class Case:
    """An exercise in one variant. `filings` are the numbers of those that were there at the beginning, by name."""

    exercise: Exercise
    variant: int
    firms: Mapping[str, Client]
    chosen: Mapping[str, Any]
    filings: Mapping[str, str]

    @property
    def began(self) -> datetime:
        """Where its clock begins."""
        return datetime.fromisoformat(self.filled(self.exercise.world.clock))

    @property
    def client(self) -> Client | None:
        """Whose papers lie on the desk."""
        named = (name for name, firm in self.exercise.world.firms.items() if firm.papers)
        return next((self.firms[name] for name in named), None)

    def with_filings(self, filings: Mapping[str, str]) -> Case:
        """The same, knowing the numbers of its filings."""
        return replace(self, filings=filings, chosen=replace(self, filings=filings, chosen={}).filled(self.chosen))

    def firm_of(self, word: str) -> str:
        """A firm by its letter, or by a word of `vary` that means one. Raises KeyError."""
        uscc = self.filled(word)
        known = {who.uscc: name for name, who in self.firms.items()}
        return word if word in self.firms else known[uscc]

    def value(self, name: str, of: str = "") -> Any:
        """What a name stands for. Raises KeyError for one that is not the exercise's."""
        if name in self.firms:
            return getattr(self.firms[name], of or "uscc")
        if not of:
            return self.filings[name] if name in self.filings else self.chosen[name]
        return self.chosen[name][of]

    def filled(self, part: Any) -> Any:
        """A part of the exercise with the names that are known filled in; the others stay."""
        match part:
            case str():
                whole = NAME.fullmatch(part)
                if whole:
                    return self._known(whole)
                return NAME.sub(lambda found: str(self._known(found)), part)
            case list():
                return [self.filled(inner) for inner in part]
            case dict():
                return {self.filled(key): self.filled(inner) for key, inner in part.items()}
            case _:
                return part

    def path(self, text: str) -> str:
        """A path with the names that are known filled in: there the point after a firm or a filing leads on."""
        return NAME.sub(lambda found: str(self._known(found, in_path=True)), text)

    def _known(self, found: re.Match[str], *, in_path: bool = False) -> Any:
        """What a name stands for; itself, where it is not the exercise's."""
        name, of = found[1], found[2] or ""
        leads_on = in_path or name in self.filings
        try:
            if of and leads_on and name not in self.chosen:
                return f"{self.value(name)}.{of}"
            return self.value(name, of)
        except KeyError:
            return found[0]


def case(exercise: Exercise, seed: int) -> Case:
    """An exercise in the variant of a seed."""
    variant = seed % VARIANTS
    chosen = dict(_chosen(exercise.vary, variant))
    bare = Case(exercise, variant, {}, chosen, {})
    today = local_date(bare.began)
    firms: dict[str, Client] = {}
    for name, firm in exercise.world.firms.items():
        # Only whose papers lie on the desk has the traps of life in them.
        traps, place = None if firm.papers else (), bare.filled(firm.place)
        taken = {who.name_cn for who in firms.values()}
        seeds = (_seed(exercise.id, variant, name, n) for n in count())
        made = (client(seed, today, traps, place) for seed in seeds)
        firms[name] = next(who for who in made if who.name_cn not in taken)
    return replace(bare, firms=firms, chosen=replace(bare, firms=firms, chosen={}).filled(chosen))


def _chosen(vary: Mapping[str, list[Any]], variant: int) -> Iterator[tuple[str, Any]]:
    """What is chosen in a variant: the first changes with every one, the second once the first has been through."""
    for name, choices in vary.items():
        variant, n = divmod(variant, len(choices))
        yield name, choices[n]


def _seed(exercise: str, variant: int, firm: str, n: int) -> int:
    """The n-th seed of a firm: a later one where the firm of an earlier would be called as another is."""
    again = f":{n}" if n else ""
    digest = hashlib.sha256(f"{exercise}:{variant}:{firm}{again}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def unfilled(exercise: Exercise, text: str) -> str:
    """A text of an exercise before it is known in which variant: firms by their letters, the rest left open."""

    def known(found: re.Match[str]) -> str:
        if found[1] in exercise.world.firms and found[2] == "name_cn":
            return f"企业{found[1]}"
        return "……"

    return NAME.sub(known, text)
