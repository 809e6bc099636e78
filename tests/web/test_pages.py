"""What a page is asked is what a browser would say of it."""

from __future__ import annotations

import pytest

from tests.web.pages import Form, Page, flat

PAGE = Page("""
<main title="不读">
  <p>还需等待 <b>60 分</b>
     &lt;b&gt;</p><!-- 不读 -->
  <a href="/tickets?desk=customs&amp;topic=usd">联系</a> <a href="/a" aria-label="甲">看</a> <a href="/b">看</a>
  <form method="post" action="?">
    <input type="hidden" name="version" value="1"><input name="name_cn" value="&quot;甲&quot;">
    <textarea name="remarks">
一
二</textarea>
    <select name="kind"><option value="">请选择<option value="a">甲<option value="b" selected>乙</select>
    <select name="first"><option value="">请选择<option value="a">甲</select>
    <input type="file" name="file"><button name="do" value="save">暂存</button>
    <template><input name="row"></template>
  </form>
  <form action="/search"><input name="q"></form>
</main>
""")


def test_its_words_are_those_that_are_read() -> None:
    assert "还需等待 60 分 <b> 联系" in PAGE
    assert "不读" not in PAGE
    assert "不读" in PAGE.source


def test_an_element_is_the_one_there_is() -> None:
    assert PAGE.find("p > b").text == "60 分"
    assert PAGE.texts("main > a") == ["联系", "看", "看"]
    assert PAGE.has("[aria-label]")
    for css in ("a", "table"):
        with pytest.raises(AssertionError, match="finds"):
            PAGE.find(css)
    with pytest.raises(AssertionError, match="has no href"):
        PAGE.find("p")["href"]


def test_a_link_is_known_by_its_words_or_its_label() -> None:
    assert (PAGE.link("联系"), PAGE.link("甲")) == ("/tickets?desk=customs&topic=usd", "/a")
    assert PAGE.links == {"/tickets?desk=customs&topic=usd", "/a", "/b"}
    for words in ("看", "乙"):
        with pytest.raises(AssertionError, match="leads to"):
            PAGE.link(words)


def test_what_stands_in_a_control_is_read_and_what_is_not_there_is_told() -> None:
    told = [PAGE.value(name) for name in ("version", "name_cn", "remarks", "kind", "first")]
    assert told == ["1", '"甲"', "一\n二", "b", "a"]
    assert PAGE.values == [*told, "", ""]
    with pytest.raises(AssertionError, match="row is"):
        PAGE.value("row")


def test_a_form_is_what_a_browser_would_post() -> None:
    assert PAGE.forms == [
        Form(
            action="?",
            fields={"version": "1", "name_cn": '"甲"', "remarks": "一\n二", "kind": "b", "first": "a"},
            buttons=[("do", "save")],
            files=["file"],
            marks={"type", "name", "value"},
            boxes={"name_cn", "remarks"},
        )
    ]


def test_a_sheet_is_posted_by_the_names_of_its_boxes() -> None:
    rows = {"investors": [{"name": "甲"}, {"name": "乙"}], "declarants": [], "express": True, "boss": {"name": "丙"}}
    assert dict(flat(rows)) == {
        "investors": "",
        "investors.0.name": "甲",
        "investors.1.name": "乙",
        "declarants": "",
        "express": "true",
        "boss.name": "丙",
    }
