"""What makes papers hard to read, each by its name: what clerks meet, so that an exercise can ask for it."""

from __future__ import annotations

from django.db.models import TextChoices


class Trap(TextChoices):
    """Something in a client's papers that leads astray who does not look."""

    LONG_ADDRESS = "long_address", "地址长于打印栏"
    RARE_NAME = "rare_name", "姓名有生僻字"
    RAREST_NAME = "rarest_name", "姓名有四字节汉字"
    FOUR_PLACES = "four_places", "金额有四位小数"
    BRANCH = "branch", "分支机构的上级单位"
    EXPIRING = "expiring", "营业期限即将届满"
    LEASE_SPELLING = "lease_spelling", "租赁合同的地址与执照写法不同"
    FORMER_NAME = "former_name", "材料上有曾用名"

    @property
    def hint(self) -> str:
        """What a clerk has to do here. Of the address it is FAQ 2.17; the others are ours, by what the sheet asks."""
        return _HINTS[self]


_HINTS = {
    Trap.LONG_ADDRESS: "地址照执照全文填写，不因打印栏短而删减",
    Trap.RARE_NAME: "生僻字照身份证填写，不以同音字、拼音或“*”代替",
    Trap.RAREST_NAME: "生僻字照身份证填写，不以同音字、拼音或“*”代替",
    Trap.FOUR_PLACES: "以万为单位填写，四位小数全部保留，不四舍五入，不换算为元",
    Trap.BRANCH: "经营类别选分支机构；上级单位照总公司的执照填写，统一社会信用代码不与分公司自己的相混",
    Trap.EXPIRING: "营业期限照执照填写，届满之前仍然有效",
    Trap.LEASE_SPELLING: "工商注册地址以营业执照的住所为准，不照租赁合同填写",
    Trap.FORMER_NAME: "企业名称以现行营业执照为准，不填曾用名",
}
