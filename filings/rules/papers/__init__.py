"""Made-up clients and their papers: who a client is, what its papers print, and what of a registration differs from
them."""

from filings.rules.papers.clients import Client, Investor, Parent, Person, client
from filings.rules.papers.differing import BY_RULE, NOT_COMPARED, Difference, differences
from filings.rules.papers.dossier import Agent, DossierPaper, PaperField, PaperKind
from filings.rules.papers.traps import Trap

__all__ = [
    "BY_RULE",
    "NOT_COMPARED",
    "Agent",
    "Client",
    "Difference",
    "DossierPaper",
    "Investor",
    "PaperField",
    "PaperKind",
    "Parent",
    "Person",
    "Trap",
    "client",
    "differences",
]
