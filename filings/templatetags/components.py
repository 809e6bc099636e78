"""What repeats on the pages, each drawn in one place: `{% panel title="年报申报" %}…{% endpanel %}` draws
`templates/components/panel.html`.

A component sees what it is given and nothing else of the page. What it takes is listed here and told at the head of
its file. Words with markup in them are given as a slot: `{% slot links %}<a href="…">JUnit</a>{% endslot %}`; what
stands outside the slots is its `content`. A name it does not take is an error when the page is loaded, not a blank
when it is shown.

Those of HELP are the simulator's own help: they draw nothing on a page whose context has `helped` false. What else is
help stands in `{% help %}…{% endhelp %}`; no page asks by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.defaulttags import CommentNode, LoadNode
from django.utils.safestring import SafeString

register = template.Library()

ALONE = {
    "badge": "status label live",
    "code": "text none",
    "curl": "call of",
    "dossier": "papers pdf alone level",
    "faq": "entry",
    "faults": "n",
    "field": "c",
    "found": "found short level",
    "icon": "name",
    "input": "c radio rows also faq hint options groups blank place takers wipes own auto first",
    "legend": "also",
    "moment": "at",
    "paging": "pages keep",
    "refused": "refusal form title level",
    "select": "label id name options chosen all",
    "was": "c live",
}
"""Components without content, and what each takes."""

AROUND = {
    "advice": "title label tone faq links",
    "dialog": "id title open actions",
    "guide": "title name tone",
    "help": "",
    "notice": "title label tone faq links",
    "panel": "title level name sub faq links beside side also id",
    "summary": "title level",
    "table": "label caption scrolls also flush",
}
"""Components around a content, closed by `{% end… %}`, and what each takes besides it."""


HELP = frozenset({"advice", "faq", "guide", "help"})
"""What an exercise that is as at the portal does without: what to do, and on which entry of the FAQ that rests."""


class Slot(Node):
    """What a component is given between tags."""

    def __init__(self, name: str, inside: NodeList) -> None:
        self.name = name
        self.inside = inside

    def render(self, context: Context) -> SafeString:
        raise template.TemplateSyntaxError(f"The slot “{self.name}” does not stand directly in a component.")


class Component(Node):
    """A component where a page has it."""

    def __init__(
        self, name: str, takes: Iterable[str], given: Mapping[str, FilterExpression], slots: Mapping[str, NodeList]
    ) -> None:
        self.name = name
        self.given = given
        self.slots = slots
        # What it is not given is empty: to look for what is nowhere is dear.
        self.empty = dict.fromkeys(takes, "")
        self.drawn: template.Template | None = None

    def render(self, context: Context) -> SafeString:
        helped = context.get("helped", True)
        if not helped and self.name in HELP:
            return SafeString("")
        values: dict[str, Any] = self.empty | {name: value.resolve(context) for name, value in self.given.items()}
        # A slot that turns out to have nothing in it is as good as none.
        values |= {name: SafeString(inside.render(context).strip()) for name, inside in self.slots.items()}
        if not helped:
            values["helped"] = False
        if self.drawn is None:
            self.drawn = _loaded(context.template.engine, self.name)  # type: ignore[union-attr]
        page, context.dicts = context.dicts, [context.dicts[0], values]
        try:
            drawn = self.drawn.render(context)
        finally:
            context.dicts = page
        # Its file's line breaks are not part of it: it may stand within a sentence.
        return SafeString(drawn.strip())


def _loaded(engine: template.Engine, name: str) -> template.Template:
    """The template of a component, without the nodes that draw nothing: it may be drawn a hundred times on a page."""
    found = engine.get_template(f"components/{name}.html")
    found.nodelist = NodeList(node for node in found.nodelist if not isinstance(node, CommentNode | LoadNode))
    return found


@register.tag("slot")
def slot(parser: Parser, token: Token) -> Slot:
    """`{% slot name %}…{% endslot %}`, directly in a component."""
    _, name = token.split_contents()
    inside = parser.parse(("endslot",))
    parser.delete_first_token()
    return Slot(name, inside)


def _component(name: str, takes: Sequence[str], around: bool) -> Callable[[Parser, Token], Component]:
    def compiled(parser: Parser, token: Token) -> Component:
        words = token.split_contents()[1:]
        given = token_kwargs(words, parser)
        inside = NodeList()
        if around:
            inside = parser.parse((f"end{name}",))
            parser.delete_first_token()
        slots = {slot.name: slot.inside for slot in inside if isinstance(slot, Slot)}
        if unknown := [*words, *({*given, *slots} - {*takes})]:
            raise template.TemplateSyntaxError(f"{{% {name} %}} takes {', '.join(takes)}; not {', '.join(unknown)}.")
        content = NodeList(node for node in inside if not isinstance(node, Slot))
        return Component(name, takes, given, slots | ({"content": content} if around else {}))

    return compiled


for _name, _takes in ALONE.items():
    register.tag(_name, _component(_name, _takes.split(), around=False))
for _name, _takes in AROUND.items():
    register.tag(_name, _component(_name, _takes.split(), around=True))
