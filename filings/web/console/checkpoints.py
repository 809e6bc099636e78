"""检查点: a sandbox's whole state kept under a name, to come back to and to carry elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from filings.forms.lab import NewCheckpoint
from filings.lab.worlds import snapshots as lab
from filings.manners.filling import FORM
from filings.manners.wire import as_file
from filings.models import Checkpoint, Sandbox
from filings.web.backstage import behind_the_counter, curl
from filings.web.console.deeds import Deed, do, forms
from filings.web.console.framing import console_page


@require_http_methods(FORM)
@behind_the_counter
def checkpoints(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The checkpoints, newest first; keeping, restoring, dropping one."""
    refusal = None
    if request.method == "POST":
        outcome = do(request, sandbox, _DEEDS, reverse("console_checkpoints", args=[sandbox.key]))
        if isinstance(outcome, HttpResponse):
            return outcome
        refusal = outcome
    at = f"/sandboxes/{sandbox.key}"
    return console_page(
        request,
        "checkpoints",
        sandbox,
        **forms(request, _DEEDS, refusal),
        rows=[_told(request, sandbox, checkpoint) for checkpoint in lab.checkpoints(sandbox)],
        usage=lab.usage(sandbox),
        calls={
            "keep": curl(request, "POST", f"{at}/checkpoints", {"name": "起点"}),
            "list": curl(request, "GET", f"{at}/checkpoints"),
            "export": curl(request, "GET", f"{at}/export", onto=f"{sandbox.key}.json"),
            "import": curl(request, "POST", "/sandboxes/import", file=f"{sandbox.key}.json"),
        },
    )


@require_safe
@behind_the_counter
def export(request: HttpRequest, sandbox: Sandbox) -> HttpResponseBase:
    """The present state, or a checkpoint, as a file."""
    name = request.GET.get("checkpoint", "").replace("\0", "")
    return as_file(lab.exported(sandbox, name), f"{sandbox.key}{f'-{name}' if name else ''}.json", "application/json")


def _told(request: HttpRequest, sandbox: Sandbox, kept: Checkpoint) -> dict[str, Any]:
    at = f"/sandboxes/{sandbox.key}/checkpoints/{quote(kept.name)}"
    return {
        "kept": kept,
        "restore": curl(request, "POST", f"{at}/restore"),
        "drop": curl(request, "DELETE", at),
        "file": f"{reverse('console_export', args=[sandbox.key])}?checkpoint={quote(kept.name, safe='')}",
    }


def _keep(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> str:
    lab.keep(sandbox, given["name"], lab.pack(sandbox), replace=given.get("replace", False))
    return "kept"


def _restore(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.restore(sandbox, what)
    return "restored"


def _drop(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.drop(sandbox, what)
    return "dropped"


# A state is packed and unpacked before the world is held: nobody waits for that.
_DEEDS = {
    "keep": Deed(_keep, NewCheckpoint, in_turns=True),
    "restore": Deed(_restore, in_turns=True),
    "drop": Deed(_drop, in_turns=True),
}
