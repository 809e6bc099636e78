"""What holds of every template: it can be read without scrolling sideways, its components are told, its official words
are not copied."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, TemplateSyntaxError
from django.test import Client
from django.utils.safestring import SafeString

from filings.lab.worlds import cast, fixtures
from filings.models import Filing, Sandbox
from filings.templatetags import components
from filings.templatetags.official import steps
from filings.web import loading
from tests.web.pages import Page
from tests.web.walking import pages

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = components.ALONE | components.AROUND
LONGEST = 160
"""Characters of a line."""
RUN = 12
"""Characters in a row that are a quotation of the FAQ, and no turn of phrase."""

_TAG = re.compile(r"\{[{%#].*?[}%#]\}")
_OPENED = re.compile(
    r"<(address|article|aside|blockquote|body|caption|dd|details|dialog|div|dl|dt|fieldset|footer|form|h1|h2|h3"
    r"|head|header|legend|li"
    r"|link|main|meta|nav|ol|optgroup|option|p|pre|section|select|summary|table|tbody|td|textarea|th|thead|title"
    r"|tr|ul)(?=[\s>])"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache
def runs() -> frozenset[str]:
    """What of the FAQ would be a quotation."""
    document = squeezed((ROOT / "tests/rules/faq.txt").read_text(encoding="utf-8"))
    return frozenset(document[n : n + RUN] for n in range(len(document) - RUN + 1))


def drawn(source: str, **given: object) -> str:
    engine = Engine.get_default()
    return engine.from_string("{% load components %}" + source).render(Context(given))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
class TestEveryTemplate:
    def test_no_line_is_too_long(self, path: Path) -> None:
        assert [line for line in path.read_text().splitlines() if len(line) > LONGEST] == []

    def test_an_element_has_a_line_of_its_own(self, path: Path) -> None:
        assert [line for line in path.read_text().splitlines() if len(_OPENED.findall(_TAG.sub("", line))) > 1] == []

    def test_it_loads(self, path: Path) -> None:
        assert Engine.get_default().get_template(path.relative_to(ROOT / "templates").as_posix()).nodelist


class TestOfficialWords:
    @pytest.mark.parametrize("folder", ["templates", "filings/web", "filings/templatetags", "filings/static"])
    def test_they_come_from_the_catalogue_and_the_faq(self, folder: str) -> None:
        paths = [one for one in (ROOT / folder).rglob("*.*") if one.suffix in (".html", ".py", ".js")]
        assert paths
        sources = {
            name_of(path): squeezed(re.sub(r"\"\"\".*?\"\"\"", "", path.read_text(), flags=re.S)) for path in paths
        }
        copied = {
            name: sorted({text[n : n + RUN] for n in range(len(text))} & runs()) for name, text in sources.items()
        }
        assert {name: found for name, found in copied.items() if found} == {}

    def test_a_copy_would_be_noticed(self) -> None:
        assert squeezed("当前用户不是企业用户，无法操作")[:RUN] in runs()

    def test_a_text_is_cut_where_its_parts_begin(self) -> None:
        assert steps("先办理甲，再办理乙。最后查询。", "再,最后") == ["先办理甲", "再办理乙", "最后查询"]

    def test_a_part_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="not found"):
            steps("先办理甲，再办理乙。", "然后")


class TestComponents:
    def test_each_has_a_file_and_each_file_is_one(self) -> None:
        files = {path.stem for path in TEMPLATES if path.parent.name == "components" and not path.stem.startswith("_")}
        assert files == set(COMPONENTS)

    @pytest.mark.parametrize("name", COMPONENTS)
    def test_the_head_of_its_file_tells_what_it_takes(self, name: str) -> None:
        text = (ROOT / f"templates/components/{name}.html").read_text()
        head = re.match(r"\{% comment %\}(.*?)\{% endcomment %\}|((?:\{#.*?#\}\n)+)", text, re.S)
        assert head, "it begins with a comment"
        content = {"content"} if name in components.AROUND else set()
        assert {*COMPONENTS[name].split()} | content <= set(re.findall(r"\w+", head[0]))

    @pytest.mark.parametrize("name", COMPONENTS)
    def test_it_uses_what_it_takes_and_nothing_else(self, name: str) -> None:
        given = {*COMPONENTS[name].split(), "content"}
        files = [ROOT / f"templates/components/{name}.html"]
        files += [
            ROOT / "templates" / part for part in re.findall(r'include "(components/_\w+\.html)"', files[0].read_text())
        ]
        text = re.sub(
            r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}",
            "",
            "".join(file.read_text() for file in files),
            flags=re.S,
        )
        assert {
            one for one in COMPONENTS[name].split() if not re.search(rf"[\s(=]{one}\b", " ".join(_TAG.findall(text)))
        } == set()
        bound = {word for found in re.findall(r"\{% for ([\w, ]+) in ", text) for word in re.findall(r"\w+", found)}
        used = set(re.findall(r"\{\{ ([a-z]\w*)", text))
        assert used - given - bound - {"forloop"} == set()

    def test_what_it_is_not_made_for_is_an_error_when_the_page_is_loaded(self) -> None:
        with pytest.raises(TemplateSyntaxError, match="not heading"):
            drawn('{% panel heading="年报申报" %}{% endpanel %}')
        with pytest.raises(TemplateSyntaxError, match="not side"):
            drawn('{% table label="卡列表" %}{% slot side %}1{% endslot %}{% endtable %}')
        with pytest.raises(TemplateSyntaxError, match='not "已审批"'):
            drawn('{% badge "已审批" %}')

    def test_it_sees_nothing_of_the_page_but_what_it_is_given(self) -> None:
        assert "甲" not in drawn("{% badge label=words %}", status="甲", words="乙")
        assert drawn("{% badge label=words %}{{ words }}", words="乙").endswith("乙")

    def test_the_page_finds_its_own_again_behind_one_that_fails(self) -> None:
        with pytest.raises(TemplateSyntaxError, match="does not stand directly"):
            drawn(
                '{% panel title="甲" %}{% if words %}{% slot links %}{% endslot %}{% endif %}{% endpanel %}', words="乙"
            )

    def test_words_are_escaped_and_a_slot_is_not_escaped_twice(self) -> None:
        told = Page(drawn("{% panel title=words %}{% endpanel %}", words="<b>"))
        assert told.texts("h2") == ["<b>"]
        told = Page(drawn("{% panel %}{% slot title %}<b>{{ words }}</b>{% endslot %}{% endpanel %}", words="<i>"))
        assert told.texts("h2 > b") == ["<i>"]

    def test_a_slot_with_nothing_in_it_is_none(self) -> None:
        panel = '{% panel title="甲" %}{% slot links %}\n  {% if words %}乙{% endif %}\n{% endslot %}{% endpanel %}'
        assert Page(drawn(panel, words="乙")).has(".st")
        assert not Page(drawn(panel)).has(".st")

    def test_it_may_stand_within_a_sentence(self) -> None:
        assert drawn("（{% code text=words %}）", words="5355") == "（<code>5355</code>）"
        assert isinstance(drawn("{% code text=words %}", words="5355"), SafeString)

    def test_an_example_with_quotes_in_it_stays_in_its_box(self) -> None:
        box = {"sort": "json", "id": "f-body", "name": "body", "value": "", "member": {"called": "请求体"}}
        told = Page(drawn("{% input c=box place='{\"kind\": 1}' %}", box=box))
        assert told.find("[name=body]")["placeholder"] == '{"kind": 1}'


class Attributes(HTMLParser):
    """What is wrong with the attributes of a page: a name that is none, as when a quote ends a value too early, or one
    told twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names) or not all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in names):
            self.wrong.append(str(self.get_starttag_text()))


@pytest.mark.django_db(databases="__all__")
def test_every_attribute_of_every_page_is_one(enter: Callable[..., Client], draft: Filing, sandbox: Sandbox) -> None:
    declared = fixtures.filing(sandbox, kind="change", state="declared", uscc=cast.AGENT.uscc)
    opened = list(pages(sandbox, enter, {"cardless": draft, "agent": declared}))
    assert len(opened) > len(TEMPLATES) // 3
    assert {one.at: found for one in opened if (found := Attributes(one.answer.content.decode()).wrong)} == {}


def test_a_template_is_served_without_the_indentation_of_its_source() -> None:
    text = Engine.get_default().get_template("components/panel.html").source
    assert "\n " not in text
    assert "\n\n" not in text
    assert "\n  <div" in (ROOT / "templates/components/panel.html").read_text()
    assert isinstance(Engine.get_default().template_loaders[0].loaders[0], loading.Loader)
