"""对照检查: which places of a registration differ from the client's papers, and on which paper the right value stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from filings.rules.appraisal import Path, pointer_to, whose
from filings.rules.matching import Row, paired
from filings.rules.papers.clients import Client
from filings.rules.papers.dossier import NOTHING, PaperKind, settled
from filings.rules.reading import text_of
from filings.rules.sheet import Field, Group, Rows
from filings.rules.sheets.registration import Registration
from filings.rules.texts import WrongValue

NOT_COMPARED: Mapping[str, str] = MappingProxyType(
    {
        "customs_code": "审批通过后由海关返填，材料中没有",
        "inspection_number": "审批通过后由海关返填，材料中没有",
        "investors.*.amount_usd": "由海关审核后返回（FAQ 2.16），材料中没有",
        "remarks": "备注由填写人自拟，材料中没有",
    }
)
"""The fields of which no paper says anything, with the reason. Every other is compared."""

BY_RULE: Mapping[str, str] = MappingProxyType(
    {
        "/content/filing_scope": "1.8",
        "/content/customs_office": "1.2",
        "/content/economic_zone": "1.3",
        "/content/special_trade_zone": "1.4",
    }
)
"""What follows from a paper by an entry of the FAQ."""

EMPTY = "（未填写）"
ROWS_STAND_ON = {"investors": PaperKind.RESOLUTION, "declarants": PaperKind.INFORMATION}
"""Where it is told which rows there are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a registration is not as the papers have it.

    pointer   a JSON pointer into the filing as it reads; of a row that is missing, its list
    label     the sheet's words for the place
    yours     what was filled, as people read it
    document  what the papers say
    where     which paper, and where on it
    """

    pointer: str
    label: str
    yours: str
    document: str
    where: str


def differences(content: Mapping[str, Any], client: Client) -> tuple[Difference, ...]:
    """Every place of a registration that differs from the client's papers, in the order of the sheet's pages.

    Compared by meaning: codes and dates as such, amounts and telephones in their one spelling, names and addresses to
    the letter, investors by name in whatever order.
    """
    return tuple(_Comparing(content, client).found())


class _Comparing:
    """One comparison."""

    def __init__(self, content: Mapping[str, Any], client: Client) -> None:
        self.yours, self.theirs = content, client.content()
        self.papers = client.documents()
        self.settled = settled(self.papers)

    def found(self) -> Iterator[Difference]:
        for name in (name for tab in Registration.tabs for section in tab.sections for name in section.fields):
            match item := Registration.items[name]:
                case Group():
                    mine, papers = _row(self.yours.get(name)), self.theirs[name]
                    for key, field in item.fields.items():
                        yield from self.place((name, key), field, mine, (name, key), papers)
                case Rows():
                    yield from self.rows(item)
                case Field():
                    yield from self.place((name,), item, self.yours, (name,), self.theirs)

    def rows(self, item: Rows) -> Iterator[Difference]:
        """Rows are matched by name, and what is left by what it has in common."""
        theirs = self.theirs[item.name]
        filled = [(n, row) for n, row in enumerate(_rows(self.yours.get(item.name))) if any(map(row.get, item.fields))]
        there = _matched(item, [row for _, row in filled], theirs)
        for (n, row), at in zip(filled, there, strict=True):
            if at is None:
                yield self.row(item, pointer_to((item.name, n)), f"{item.label}第{n + 1}行", _told(item, row), NOTHING)
                continue
            for key, field in item.fields.items():
                yield from self.place((item.name, n, key), field, row, (item.name, at, key), theirs[at])
        for at, row in enumerate(theirs):
            if at not in there:
                yield self.row(item, pointer_to((item.name,)), item.label, EMPTY, _told(item, row))

    def row(self, item: Rows, pointer: str, label: str, yours: str, document: str) -> Difference:
        """A row that is missing, or one too many."""
        paper = next(paper for paper in self.papers if paper.kind == ROWS_STAND_ON[item.name])
        return Difference(pointer, label, yours, document, paper.title)

    def place(self, path: Path, field: Field, mine: Row, at: Path, papers: Row) -> Iterator[Difference]:
        """One value, if it is compared and differs; `at` is where the papers' has its place in their content."""
        pointer = pointer_to(at)
        if pointer not in self.settled:
            return
        yours, theirs = _meant(field, mine.get(field.name)), _meant(field, papers.get(field.name))
        if yours == theirs:
            return
        paper, printed, read_off = self.settled[pointer]
        name = ".".join(map(str, path))
        entry = BY_RULE.get(pointer)
        yield Difference(
            pointer_to(path),
            whose(Registration, path) + field.label,
            _shown(name, field, yours),
            printed.value if read_off or theirs is None else text_of(name, field, theirs),
            f"{paper.title}“{printed.label}”" + (f"，按常见问题 {entry}" if entry else ""),
        )


def _meant(field: Field, raw: Any) -> Any:
    """What a value means: its one spelling, or itself where it is none of the field's."""
    try:
        value = field.clean(raw)
    except WrongValue:
        return raw
    return field.default if value is None else value


def _shown(name: str, field: Field, value: Any) -> str:
    try:
        return text_of(name, field, value) or EMPTY
    except TypeError:  # a value of another type than the field's
        return str(value)


def _told(item: Rows, row: Row) -> str:
    """A row in one line."""
    return "，".join(words for key, field in item.fields.items() if (words := _shown_filled(key, field, row.get(key))))


def _shown_filled(key: str, field: Field, value: Any) -> str:
    return "" if value is None or field.returned else _shown(key, field, value)


def _matched(item: Rows, rows: Sequence[Row], known: Sequence[Row]) -> list[int | None]:
    """For each row which of the papers' it is: by name, then, where a name is of none, by what the rows have in
    common."""
    there = paired(replace(item, known_by=("name",)), rows, known)
    for n, row in enumerate(rows):
        left = [at for at in range(len(known)) if at not in there]
        if there[n] is None and left:
            there[n] = max(left, key=lambda at: (_in_common(item, row, known[at]), -at))
    return there


def _in_common(item: Rows, row: Row, other: Row) -> int:
    return sum(_meant(field, row.get(key)) == _meant(field, other.get(key)) for key, field in item.fields.items())


def _row(value: Any) -> Row:
    return value if isinstance(value, Mapping) else {}


def _rows(value: Any) -> list[Row]:
    return [_row(row) for row in value] if isinstance(value, list) else []
