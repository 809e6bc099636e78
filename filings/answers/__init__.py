"""What is answered: one class for each answer, which gives its JSON and its schema in the OpenAPI documents.

Whoever knows something builds them, the faces hand them on, pages read them by attribute; a room for each counter.
Docstrings are for us: what a client developer reads is said in Chinese, by `said`.
"""

from filings.answers import (
    annual,
    enterprises,
    filings,
    forms,
    handling,
    helping,
    papers,
    people,
    problems,
    sandboxes,
    staging,
    training,
    watching,
)

__all__ = [
    "annual",
    "enterprises",
    "filings",
    "forms",
    "handling",
    "helping",
    "papers",
    "people",
    "problems",
    "sandboxes",
    "staging",
    "training",
    "watching",
]
