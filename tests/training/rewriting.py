"""Exercises whose files say something else while a test lasts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from filings.rules.exercises import loading


class Rewrite(Protocol):
    """Put other words into the file of an exercise; it is read again at once, unless told not to."""

    def __call__(self, exercise: str, old: str, new: str, *, read: bool = True) -> None: ...


@pytest.fixture
def rewrite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rewrite]:
    folder = tmp_path / "exercises"
    shutil.copytree(loading.HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def put(exercise: str, old: str, new: str, *, read: bool = True) -> None:
        file = folder / f"{exercise}.yaml"
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times in {file.name}: {old!r}"
        file.write_text(text.replace(old, new), "utf-8")
        monkeypatch.setattr(loading, "HERE", folder)
        loading.catalogue.cache_clear()
        if read:
            loading.catalogue()

    yield put
    loading.catalogue.cache_clear()
