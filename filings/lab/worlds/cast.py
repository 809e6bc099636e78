"""The people and enterprises of the standard world: synthetic, and the same in every sandbox.

Codes pass their check digits and belong to nobody: division 440399 does not exist, the identity card is of the 1890s.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from filings.rules.cards import FACTORY_PIN
from filings.rules.numbers import uscc_complete
from filings.rules.papers import Client, Investor, Person
from filings.rules.papers.stock import Trade, places
from filings.rules.words import Category, UserType

PASSWORD = "Demo-2021"  # noqa: S105 - printed at every start: synthetic people in throw-away sandboxes
PIN = FACTORY_PIN

ZHANG = Person(
    name="张演练",
    id_number="110101189001010016",
    home="广东省深圳市福田区莲花街道演练花园1栋101房",
    phone="0755-83160000",
    mobile="13800000001",
    email="p1@example.com",
)

ID_ENDING_IN_X = "11010118900102002X"
"""Another such card's number, with the check character that is written in two cases (FAQ 2.14)."""

CLIENT = Client(
    seed=0,
    today=date(2020, 6, 18),
    traps=(),
    uscc="91440399MAMK00013C",
    name_cn="深圳市云帆演练国际贸易有限公司",
    name_en="SHENZHEN YUNFAN TRAINING TRADE CO., LTD.",
    former_name=None,
    renamed_on=None,
    category=Category.CONSIGNEE,
    express_operator=False,
    trade=Trade("国际贸易", "TRADE", "5199", "其他未列明批发业", "货物进出口"),
    place=places("440304")[0],
    address_cn="广东省深圳市福田区福中三路1006号",
    address_en="1006 Fuzhong 3rd Road, Futian, Shenzhen",
    lease_address="广东省深圳市福田区福中三路1006号",
    economic_type="150",
    licence_type="有限责任公司（自然人独资）",
    organization_type="企业",
    cross_border_types=(),
    capital=Decimal(500),
    currency="CNY",
    established_on=date(2020, 6, 18),
    valid_until=None,
    legal_representative=ZHANG,
    finance_manager=ZHANG,
    customs_manager=ZHANG,
    investors=(Investor("张演练", "CHN", "货币", Decimal(500)),),
    parent=None,
)
"""The firm of the `cardless` account, which has its papers ready; its other managers are its owner too."""

REFERENCE: Mapping[str, Any] = CLIENT.content()
"""The reference registration, as the papers say it: declares cleanly for the `cardless` account."""


def client(uscc: str, today: date) -> Client | None:
    """The firm of a credit code as it stands on a day, if it has papers."""
    return replace(CLIENT, today=today) if uscc == CLIENT.uscc else None


IN_A_ZONE: Mapping[str, Any] = {
    "district": "440308",
    "customs_office": "5316",
    "address_cn": "广东省深圳市盐田区盐田综合保税区演练路8号",
    "address_en": "8 Yanlian Road, Yantian Comprehensive Bonded Zone, Shenzhen",
    "postcode": "518083",
}
"""Where a 双重身份 firm is: in a special zone, under a customs office of that place and not under 5355 (public)."""


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise of the world; `category` None: not registered with customs."""

    name_cn: str
    uscc: str
    category: Category | None
    name_en: str = CLIENT.name_en

    @property
    def content(self) -> dict[str, Any]:
        """Its registration sheet."""
        sheet = deepcopy(dict(REFERENCE)) | {"uscc": self.uscc, "name_cn": self.name_cn, "name_en": self.name_en}
        sheet |= IN_A_ZONE if self.category is Category.DUAL else {}
        return sheet | {"category": (self.category or Category.CONSIGNEE).value}


@dataclass(frozen=True, slots=True)
class Player:
    """An account of the world. `card` is the number of its card, if it has one."""

    role: str
    username: str
    display_name: str
    user_type: UserType
    firm: Firm | None
    card: str = ""
    note: str = ""


def _firm(serial: str, name: str, english: str, category: Category | None) -> Firm:
    return Firm(f"深圳市{name}", uscc_complete(f"91440399MAMK{serial}"), category, f"SHENZHEN {english}")


CARDLESS = _firm("0001", "云帆演练国际贸易有限公司", "YUNFAN TRAINING TRADE CO., LTD.", None)
CARD = _firm("0002", "海纳演练进出口有限公司", "HAINA TRAINING IMPORT & EXPORT CO., LTD.", Category.CONSIGNEE)
AGENT = _firm("0003", "诚达演练报关有限公司", "CHENGDA TRAINING CUSTOMS BROKERAGE CO., LTD.", Category.BROKER)
BY_CATEGORY = {
    category: _firm(f"{10 + n:04d}", name, english, category)
    for n, (category, (name, english)) in enumerate(
        {
            Category.CONSIGNEE: ("启航演练贸易有限公司", "QIHANG TRAINING TRADE CO., LTD."),
            Category.CONSIGNEE_BRANCH: (
                "启航演练贸易有限公司福田分公司",
                "QIHANG TRAINING TRADE CO., LTD. FUTIAN BRANCH",
            ),
            Category.BROKER: ("通途演练报关有限公司", "TONGTU TRAINING CUSTOMS BROKERAGE CO., LTD."),
            Category.BROKER_BRANCH: (
                "通途演练报关有限公司盐田分公司",
                "TONGTU TRAINING CUSTOMS BROKERAGE CO., LTD. YANTIAN BRANCH",
            ),
            Category.DUAL: ("双城演练物流有限公司", "SHUANGCHENG TRAINING LOGISTICS CO., LTD."),
            Category.TEMPORARY: ("交流演练代表处", "EXCHANGE TRAINING REPRESENTATIVE OFFICE"),
        }.items()
    )
}

PLAYERS = (
    Player("cardless", "cardless", "云帆演练 经办人", UserType.ENTERPRISE, CARDLESS, note="未注册登记、无卡：从这里开始"),
    Player("card", "card", "海纳演练 经办人", UserType.ENTERPRISE, CARD, "SIMC00000002", "已备案、有卡"),
    Player("personal", "personal", "个人用户", UserType.PERSONAL, None, note="个人用户：不能申报"),
    Player("agent", "agent", "诚达演练 代理经办人", UserType.ENTERPRISE, AGENT, "SIMC00000003", "报关企业，受云帆演练委托"),
    *(
        Player(
            f"category:{category.value}", f"category-{category.value}", f"{category.label} 经办人", UserType.ENTERPRISE,
            firm, f"SIMC000000{10 + n}", f"已备案：{category.label}",
        )
        for n, (category, firm) in enumerate(BY_CATEGORY.items())
    ),
)  # fmt: skip

FIRMS = (CARDLESS, CARD, AGENT, *BY_CATEGORY.values())

NAMES_EN = {firm.uscc: firm.name_en for firm in FIRMS}
"""English names by credit code."""
