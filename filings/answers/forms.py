"""The sheets: what they ask, and how they stand while being filled."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import field

from filings.answers.base import Answer, Value, one_of, said
from filings.rules import appraisal
from filings.rules.describing import sentence
from filings.rules.sheet import Field, Sheet
from filings.rules.words import Provenance, Shade


class Notice(Answer):
    """What is wrong or doubtful at one place of a content."""

    pointer: str
    code: str
    detail: str
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]

    @classmethod
    def of(cls, found: appraisal.Problem) -> Notice:
        return cls(found.pointer, found.code, found.detail, found.faq, found.provenance)


class Change(Answer):
    """A grey field that was set back to what it must hold."""

    pointer: str
    from_: Value = field(name="from")
    to: Value
    reason: str

    @classmethod
    def of(cls, change: dict[str, Any]) -> Change:
        return cls(change["pointer"], change["from"], change["to"], change["reason"])


class FormName(Answer):
    """A kind of filing by its label."""

    kind: str
    label: str


class Forms(Answer):
    results: list[FormName]


class FormField(Answer):
    """A field of a sheet, with when it is required or locked in sentences."""

    name: Annotated[str, said("组内以点相连，行以 * 代替序号，例如 investors.*.amount")]
    label: str
    type: str
    max_length: int | None
    code_table: str | None
    default: Value
    hint: str | None
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]
    required_when: str | None
    locked_when: str | None

    @classmethod
    def of(cls, name: str, declared: Field) -> FormField:
        return cls(
            name=name,
            label=declared.label,
            type=declared.type,
            max_length=declared.max_length,
            code_table=declared.table,
            default=declared.default,
            hint=declared.hint or None,
            faq=declared.faq,
            provenance=declared.provenance.value,
            required_when=sentence(declared.required),
            locked_when=sentence(declared.locked),
        )


class FormGroup(Answer):
    """The fields under one heading."""

    name: str
    tab: str
    title: str
    fields: list[FormField]

    @classmethod
    def all_of(cls, sheet: type[Sheet]) -> list[FormGroup]:
        """A sheet's groups in the order of the screen."""
        fields: dict[str, list[FormField]] = {}
        for name, declared in sheet.walk():
            fields.setdefault(name.partition(".")[0], []).append(FormField.of(name, declared))
        return [
            cls(
                section.name,
                tab.title,
                section.title,
                [form_field for name in section.fields for form_field in fields[name]],
            )
            for tab in sheet.tabs
            for section in tab.sections
        ]


class Form(FormName):
    """A sheet in the order of the screen."""

    promised_working_days: Annotated[int | None, said("承诺办结的工作日数（公开资料）；null：没有公开资料")]
    groups: list[FormGroup]


class FieldState(Answer):
    """How one field stands: what the screen colours yellow, white or grey."""

    shade: Annotated[str, one_of(Shade)]
    editable: bool
    required: bool
    value: Value
    default: Value
    recommended: str | None
    reason: str | None
    faq: str | None

    @classmethod
    def of(cls, state: appraisal.FieldState) -> FieldState:
        return cls(
            shade=state.shade.value,
            editable=state.shade != Shade.READONLY,
            required=state.shade == Shade.REQUIRED,
            value=state.value,
            default=state.field.default,
            recommended=state.recommended,
            reason=state.reason,
            faq=state.faq,
        )


class FormState(Answer):
    """How a sheet stands while it is being filled."""

    fields: Annotated[dict[str, FieldState], said("以字段名为键：组内以点相连，行以序号，例如 investors.0.amount")]
    errors: list[Notice]
    warnings: list[Notice]
    changes: list[Change]
