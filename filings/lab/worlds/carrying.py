"""An export as it comes back: a file of any size a sandbox can have, of which little is in memory at a time.

What is attached is nine tenths of a large one. It stays in a file until it is asked for; the rest is read as JSON is.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import IO, Any

from filings.rules.appraisal import Problem
from filings.rules.refusals import Refusal

LARGEST = 64 * 1024 * 1024
"""Bytes of a snapshot besides what is attached. Ours."""

VALUES = 4_000_000
"""Values of a snapshot carried here, an object for four: so much memory they take, 300 MB at the most. Ours."""

SHORT = 4096
"""A file of fewer characters is not worth leaving where it is."""

IN_MEMORY = 1024 * 1024
"""Bytes of a file that just are in memory, and of a larger one that are looked at at a time."""

_CONTENT = re.compile(rb'"([0-9a-f]{64})"[ \t\r\n]*:[ \t\r\n]*"')
"""The name of a content and the quote its base64 begins with. Within a text it cannot stand: there every quote is
escaped."""


class Place:
    """Where in the file the base64 of a content stands."""

    def __init__(self, file: bytes | mmap.mmap, begin: int, end: int) -> None:
        self.file, self.begin, self.end = file, begin, end

    def read(self) -> bytes:
        return self.file[self.begin : self.end]


class Carried:
    """An export that has been looked through. `rest` is its JSON with null for each content that was left in the
    file."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Raises 413 for what would take too much memory to be read."""
        self.places: dict[str, Place] = {}
        self._file = _mapped(stream)
        parts: list[bytes] = []
        size = 0
        for part in self._parts():
            if (size := size + len(part)) > LARGEST:
                raise Refusal("payload_too_large", f"快照除附件外最大 {LARGEST >> 20} MB")
            parts.append(part)
        self.rest = b"".join(parts)
        expect_light(self.rest)

    def _parts(self) -> Iterator[bytes]:
        """What is between the contents; long pieces are cut, so that too much is noticed before it is in memory."""
        at = looked = 0
        while name := _CONTENT.search(self._file, looked):
            begin = looked = name.end()
            end = self._file.find(b'"', begin)
            if end - begin < SHORT:
                continue
            yield from self._cut(at, begin - 1)
            yield b"null"
            self.places[name[1].decode()] = Place(self._file, begin, end)
            at = looked = end + 1
        yield from self._cut(at, len(self._file))

    def _cut(self, begin: int, end: int) -> Iterator[bytes]:
        for at in range(begin, end, IN_MEMORY):
            yield self._file[at : min(at + IN_MEMORY, end)]

    def snapshot(self, read: dict[str, Any]) -> dict[str, Any]:
        """The whole of it, as `rest` was read: each content is there by its place. Raises 422 where one stood
        elsewhere."""
        contents = read.get("contents")
        there = contents if isinstance(contents, dict) else {}
        if astray := [name for name in self.places if name not in there or there[name] is not None]:
            problems = [
                Problem(f"/contents/{name}", "required", "附件的内容只能列在 contents 中，各一次") for name in astray
            ]
            raise Refusal("snapshot_faulty", errors=problems)
        there.update(self.places)
        return read


def expect_light(body: bytes) -> None:
    """Refuse JSON before it is read that would take too much memory by how many values it can be."""
    if body.count(b",") + body.count(b"[") + 4 * body.count(b"{") > VALUES:
        raise Refusal("payload_too_large", f"快照中的值过多，最多约 {VALUES} 个")


def _mapped(stream: IO[bytes]) -> bytes | mmap.mmap:
    """What a stream holds: of a file as it lies there, to be looked through without being in memory."""
    try:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (AttributeError, OSError, ValueError):
        return stream.read()  # it is no file, or an empty one
