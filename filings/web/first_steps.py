"""First steps of client software: the files of docs/clients, shown and handed out as they lie there.

Open to everybody, and there only beside the control plane: each of them begins with a sandbox of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.manners.entering import anybody
from filings.rules.refusals import Refusal
from filings.web.doors import page, refusal_page
from singlewindow import hosts

DOCS = Path(settings.RESOURCES) / "docs"


@dataclass(frozen=True)
class Sample:
    """A file one may take away, by its place in docs: what is shown, what is handed out and what the tests run are
    one."""

    path: str
    about: str

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def text(self) -> str:
        return (DOCS / self.path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Language:
    """A language: its files, how to run them, and what it needs besides."""

    name: str
    title: str
    needs: str
    commands: str
    samples: tuple[Sample, ...]


LANGUAGES = (
    Language(
        "curl",
        "curl",
        "只需要 bash 和 curl",
        "bash first_steps.sh",
        (Sample("clients/first_steps.sh", "从新建沙箱到核对通信记录的全过程"),),
    ),
    Language(
        "python",
        "Python",
        "Python 3.9 以上和 pytest，HTTP 只用标准库",
        "python -m pytest -p conftest_singlewindow test_first_steps.py",
        (
            Sample("clients/conftest_singlewindow.py", "复制到您的测试旁：每个测试一个沙箱，用后即删"),
            Sample("clients/test_first_steps.py", "用它写成的四个测试"),
        ),
    ),
    Language(
        "java",
        "Java",
        "JDK 11 以上，单个源文件，不用第三方库",
        "java FirstSteps.java",
        (Sample("clients/FirstSteps.java", "从新建沙箱到核对通信记录的全过程"),),
    ),
    Language(
        "csharp",
        "C#",
        ".NET 8，单个源文件，不用第三方库",
        "dotnet new console -f net8.0 -o FirstSteps && cp FirstSteps.cs FirstSteps/Program.cs\ndotnet run "
        "--project FirstSteps",
        (Sample("clients/FirstSteps.cs", "从新建沙箱到核对通信记录的全过程"),),
    ),
)

REFERENCE = Sample("reference-registration.json", "参考注册登记申请：沙箱中 cardless 账户提交即可申报")

SAMPLES = {
    sample.name: sample for sample in (REFERENCE, *(piece for language in LANGUAGES for piece in language.samples))
}
"""Every file by its name."""


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """The way all of them go, and every file, by language."""
    base = hosts.address(request, "")
    return page(request, "first_steps", anybody(request), languages=LANGUAGES, reference=REFERENCE, base=base)


@require_safe
def sample(request: HttpRequest, file: str) -> HttpResponse:
    """One file as it is, to be kept."""
    if file not in SAMPLES:
        return refusal_page(request, Refusal("not_found", "没有这个示例文件"), anybody(request))
    media = "application/json" if file.endswith(".json") else "text/plain; charset=utf-8"
    return HttpResponse(
        SAMPLES[file].text, content_type=media, headers={"Content-Disposition": f'attachment; filename="{file}"'}
    )
