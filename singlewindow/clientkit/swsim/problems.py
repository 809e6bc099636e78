"""What goes wrong, as exceptions: refusals (RFC 9457), a simulator that cannot be reached, a filing that gets no
further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from swsim.words import say

if TYPE_CHECKING:
    from swsim import models


class SwsimError(Exception):
    """Anything the kit raises of its own."""


class Problem(SwsimError):
    """A refusal, as the simulator words it.

    status      HTTP status
    code        stable, to be compared with; `http_502` and the like where no simulator answered
    title, detail, remedy  in words: what, where exactly, what to do
    faq         number of the FAQ entry that says so, or None
    provenance  documented, public, assumed or ours
    errors      all field errors at once: {pointer, code, detail, faq}
    request_id  by which the server's log and journal have it
    raw         the whole answer, with what some codes tell besides: allowed, retry_at, nearest, …
    retry_after seconds the answer asks to wait, or None
    """

    def __init__(self, raw: Mapping[str, Any], retry_after: float | None = None) -> None:
        super().__init__(raw, retry_after)
        self.raw: dict[str, Any] = dict(raw)
        self.status: int = raw.get("status", 0)
        self.code: str = raw.get("code", f"http_{self.status}")
        self.title: str = raw.get("title", "")
        self.detail: str = raw.get("detail", "")
        self.faq: str | None = raw.get("faq")
        self.provenance: str = raw.get("provenance", "")
        self.remedy: str = raw.get("remedy", "")
        self.errors: list[models.FieldError] = raw.get("errors", [])
        self.request_id: str = raw.get("request_id", "")
        self.retry_after = retry_after

    def __str__(self) -> str:
        head = f"{self.status} {self.code}: {self.detail or self.title}"
        lines = [head + (f" (FAQ {self.faq})" if self.faq else "")]
        lines += [
            f"  {error['pointer']}  {error['code']}: {error['detail']}"
            + (f" (FAQ {error['faq']})" if error.get("faq") else "")
            for error in self.errors
        ]
        lines += [f"  {say('Remedy', '办法')}: {self.remedy}"] if self.remedy else []
        return "\n".join(lines)


class Unreachable(SwsimError):
    """No answer came, or none came whole, however often it was tried. What the line said is its `__cause__`."""


class Unreadable(SwsimError):
    """An answer came that is not what the documents promise: JSON that is torn, or another sort of content."""


class NotReached(SwsimError):
    """A filing cannot come to the status that is waited for; `explanation` is what the simulator says of it."""

    def __init__(self, words: str, explanation: models.Explanation) -> None:
        super().__init__(words, explanation)
        self.words = words
        self.explanation = explanation

    def __str__(self) -> str:
        found = self.explanation
        lines = [self.words]
        if scenario := found["scenario"]:
            lines.append(f"  {say('Scenario', '情景')}: {scenario['text']} ({scenario['source_label']})")
        if found["held"]:
            lines.append(f"  {say('Held by hand', '已被人工停住')}")
        lines += [f"  {say('Glitch', '异常')}: {glitch['name']} (FAQ {glitch['faq']})" for glitch in found["glitches"]]
        lines += [
            f"  {say('Set aside', '被搁置')}: {trouble['verb']} {trouble['trouble']}" for trouble in found["set_aside"]
        ]
        if event := found["next_event"]:
            lines.append(f"  {say('Next', '下一步')}: {event['at']} {event['label']}")
        lines += [f"  {say('To move it', '可以')}: {way}" for way in found["unblock"]]
        return "\n".join(lines)


class Mismatch(AssertionError):
    """The journal does not hold what it was expected to hold."""
