"""A made-up client: who it is, what its registration says, and what the market register has of it, all from one seed.

Its codes pass their check digits and belong to nobody: division 440399 does not exist, the identity cards are of the
1890s, the telephones of no exchange, the addresses of e-mail of a domain nobody can have (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from filings.rules.codes import SHENZHEN, recommended
from filings.rules.conditions import BOTH
from filings.rules.dates import years_later
from filings.rules.numbers import IDENTITY_CARD, amount, synthetic_id_card, synthetic_uscc
from filings.rules.papers import stock
from filings.rules.papers.dossier import Agent, DossierPaper, dossier
from filings.rules.papers.lots import Lots
from filings.rules.papers.traps import Trap
from filings.rules.words import Category

OURS, PARENTS, HOLDERS = "MAMP", "MAMQ", "MAMR"
"""The series of credit codes of clients, of the firms they are branches of, and of firms that hold shares."""

QIANHAI_ZONE = "4403F992"
"""蛇口非特殊监管区 (public): what is in the 前海蛇口自贸片区 and outside the zones that customs fences in."""

MANAGERS = ("legal_representative", "finance_manager", "customs_manager")
"""The three people of the sheet, by its names."""

_CAPITALS = (50, 100, 200, 300, 500, 800, 1000, 2000)
_SHARES = {1: ((100,),), 2: ((60, 40), (51, 49), (70, 30)), 3: ((50, 30, 20), (40, 35, 25))}
_HOLDINGS = ("alone", "alone", "together", "together", "with a firm", "from abroad", "joint")
_TRAPS_OF_A_SEED = (0, 1, 1, 1, 1, 1, 2, 2)
_LONG_TAIL = "以东、演练支路以南地块演练科技创新产业园二期工业研发区"
_LONG_TAIL_EN = "Yanlian Science and Technology Innovation Park Phase II"
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an identity card. `home` is the address on it."""

    name: str
    id_number: str
    home: str
    phone: str = ""
    mobile: str = ""
    email: str = ""

    @property
    def born(self) -> date:
        return date(int(self.id_number[6:10]), int(self.id_number[10:12]), int(self.id_number[12:14]))

    @property
    def sex(self) -> str:
        return "男" if int(self.id_number[16]) % 2 else "女"


@dataclass(frozen=True, slots=True)
class Investor:
    """A holder of shares, and what it paid in: `amount` in 万 of the capital's currency."""

    name: str
    country: str
    method: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Parent:
    """The firm a branch is of; `capital` in 万 CNY."""

    uscc: str
    name_cn: str
    legal_representative: str
    capital: Decimal
    address_cn: str
    established_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An enterprise that is not yet registered with customs, and has its papers ready.

    today          the day on which the papers are handed over
    licence_type   类型 as a licence has it, which is not 经济类型
    capital        in 万 of `currency`; of a branch, which has none, 0
    valid_until    the end of 营业期限; None is 长期
    lease_address  the address as the lease writes it
    former_name    how it was called until `renamed_on`
    """

    seed: int
    today: date
    traps: tuple[Trap, ...]
    uscc: str
    name_cn: str
    name_en: str
    former_name: str | None
    renamed_on: date | None
    category: Category
    express_operator: bool
    trade: stock.Trade
    place: stock.Place
    address_cn: str
    address_en: str
    lease_address: str
    economic_type: str
    licence_type: str
    organization_type: str
    cross_border_types: tuple[str, ...]
    capital: Decimal
    currency: str
    established_on: date
    valid_until: date | None
    legal_representative: Person
    finance_manager: Person
    customs_manager: Person
    investors: tuple[Investor, ...]
    parent: Parent | None

    @property
    def in_qianhai(self) -> bool:
        """Whether it is an enterprise of 前海自贸区 (FAQ 1.4): what the world has to know of it as well."""
        return self.place.qianhai

    @property
    def district(self) -> str:
        """The code of the district it lies in (FAQ 2.2)."""
        return self.place.district

    @property
    def managers(self) -> Mapping[str, Person]:
        """The three people by the names of the sheet."""
        return {name: getattr(self, name) for name in MANAGERS}

    @property
    def declarants(self) -> tuple[Person, ...]:
        """The 报关人员 to be entered with it: of a customs broker whoever is in charge of customs."""
        return (self.customs_manager,) if self.category == Category.BROKER else ()

    def content(self) -> dict[str, Any]:
        """The registration sheet as the papers have it, with FAQ 1.2 to 1.4 and 1.8 followed: it declares cleanly."""
        district = self.district
        content: dict[str, Any] = {
            "filing_scope": list(BOTH),
            "uscc": self.uscc,
            "name_cn": self.name_cn,
            "name_en": self.name_en,
            "category": self.category.value,
            "express_operator": self.express_operator,
            "address_cn": self.address_cn,
            "postcode": self.place.postcode,
            "address_en": self.address_en,
            "province": f"{SHENZHEN[:2]}0000",
            "city": SHENZHEN,
            "district": district,
            "customs_office": recommended("customs_offices", district),
            "economic_zone": recommended("economic_zones", district),
            "special_trade_zone": recommended("special_trade_zones", district, self.in_qianhai) or QIANHAI_ZONE,
            "economic_type": self.economic_type,
            "organization_type": self.organization_type,
            "industry": self.trade.industry,
            "cross_border_types": list(self.cross_border_types),
            "registered_capital": _spelt(self.capital),
            "capital_currency": self.currency,
            "business_scope": self.trade.scope,
            "established_on": self.established_on.isoformat(),
            "investors": [
                {
                    "name": investor.name,
                    "country": investor.country,
                    "method": investor.method,
                    "amount": _spelt(investor.amount),
                    "currency": self.currency,
                }
                for investor in self.investors
            ],
            "declarants": [
                {"name": person.name, "id_type": IDENTITY_CARD, "id_number": person.id_number, "action": "备案"}
                for person in self.declarants
            ],
        }
        for name, person in self.managers.items():
            content[name] = {
                "name": person.name,
                "id_type": IDENTITY_CARD,
                "id_number": person.id_number,
                "phone": person.phone,
                "mobile": person.mobile,
                "email": person.email,
            }
        if self.valid_until:
            content["valid_until"] = self.valid_until.isoformat()
        if self.parent:
            content |= {
                "parent_relation": "总/分公司",
                "parent_uscc": self.parent.uscc,
                "parent_name": self.parent.name_cn,
            }
        return content

    def market(self) -> dict[str, Any]:
        """What the market register has of it, in the spelling of the sheet; `valid_until` None is 长期."""
        content = self.content()
        held = {
            name: content.get(name)
            for name in (
                "uscc",
                "name_cn",
                "registered_capital",
                "capital_currency",
                "address_cn",
                "economic_type",
                "business_scope",
                "established_on",
                "valid_until",
            )
        }
        return held | {"legal_representative": self.legal_representative.name}

    def documents(self, agent: Agent | None = None) -> tuple[DossierPaper, ...]:
        """Its papers in the order one reads them; with an agent, the letter by which it mandates it."""
        return dossier(self, agent)


def client(seed: int, today: date, traps: Iterable[Trap] | None = None, where: str = "") -> Client:
    """The client of a seed as it stands on a day: the same whenever it is asked for.

    traps  those its papers have; left out, what the seed gives: none, one or two
    where  the code of a district, `qianhai`, or `elsewhere` for outside it; left out, where the seed has it
    """
    lots = Lots(seed)
    if traps is None:
        traps = lots.some("traps", tuple(Trap), lots.pick("how many traps", _TRAPS_OF_A_SEED))
    return _Maker(lots, today, frozenset(traps), stock.places(where)).make(seed)


class _Maker:
    """Makes one client."""

    def __init__(self, lots: Lots, today: date, traps: frozenset[Trap], places: Sequence[stock.Place]) -> None:
        self.lots, self.today, self.traps = lots, today, traps
        self.broker = lots.number("broker", 1, 4) == 1
        self.trade = stock.BROKERAGE if self.broker else lots.pick("trade", stock.TRADES)
        self.place = lots.pick("place", places)
        self.branch = Trap.BRANCH in traps

    def make(self, seed: int) -> Client:
        name, english, pinyin = self.called("firm")
        parent = self.parent(name) if self.branch else None
        managers = self.people(pinyin)
        established, until = self.term()
        currency, capital, investors, economic_type, licence_type = self.holding(managers["legal_representative"])
        address_cn, address_en, lease_address = self.address()
        before = self.called("former name")[0] if Trap.FORMER_NAME in self.traps else None
        if parent:
            name, english = f"{name}{self.place.short}分公司", f"{english} {self.place.short_english} BRANCH"
            before = before and f"{before}{self.place.short}分公司"
            currency, capital, economic_type, licence_type = "CNY", Decimal(0), "173", "有限责任公司分公司"
            investors = (Investor(parent.name_cn, "CHN", "货币", self.capital()),)
        return Client(
            seed=seed,
            today=self.today,
            traps=tuple(trap for trap in Trap if trap in self.traps),
            uscc=synthetic_uscc(self.lots.number("uscc", 0, 31**4 - 1), OURS),
            name_cn=name,
            name_en=english,
            former_name=before,
            renamed_on=established + (self.today - established) / 2 if before else None,
            category=self.category(),
            express_operator=self.broker and not self.branch and self.lots.number("express", 1, 3) == 1,
            trade=self.trade,
            place=self.place,
            address_cn=address_cn,
            address_en=address_en,
            lease_address=lease_address,
            economic_type=economic_type,
            licence_type=licence_type,
            organization_type="企业",
            cross_border_types=(
                ("电子商务企业",) if not self.broker and self.lots.number("cross-border", 1, 4) == 1 else ()
            ),
            capital=capital,
            currency=currency,
            established_on=established,
            valid_until=until,
            investors=investors,
            parent=parent,
            **managers,
        )

    def called(self, who: str) -> tuple[str, str, str]:
        """A firm's name in both languages, and the pinyin it is known by."""
        first, second = self.letters(who)
        pinyin = stock.FIRST[first] + stock.SECOND[second]
        return (
            f"深圳市{first}{second}{stock.TRAINING}{self.trade.name}有限公司",
            f"SHENZHEN {pinyin} TRAINING {self.trade.english} CO., LTD.",
            pinyin.lower(),
        )

    def letters(self, who: str) -> tuple[str, str]:
        """The two characters of a trade name: no two firms of a dossier share the first."""
        order = ("firm", "former name", "holder", "holder abroad")
        firsts = self.lots.some("first letters", tuple(stock.FIRST), len(order))
        return firsts[order.index(who)], self.lots.pick(f"second letter of {who}", tuple(stock.SECOND))

    def category(self) -> Category:
        if self.broker:
            return Category.BROKER_BRANCH if self.branch else Category.BROKER
        return Category.CONSIGNEE_BRANCH if self.branch else Category.CONSIGNEE

    def term(self) -> tuple[date, date | None]:
        """The day it was founded, and the last of its 营业期限."""
        if Trap.EXPIRING in self.traps:
            until = self.today + timedelta(days=self.lots.number("days left", 10, 30))
            return years_later(until, -10) + timedelta(days=1), until
        established = self.today - timedelta(days=self.lots.number("age", 200, 4000))
        limited = self.lots.number("term", 1, 2) == 1
        return established, years_later(established, 20) - timedelta(days=1) if limited else None

    def people(self, pinyin: str) -> dict[str, Person]:
        names = self.names(len(MANAGERS))
        if Trap.RARE_NAME in self.traps:
            names[0] = names[0][0] + stock.RARE
        if Trap.RAREST_NAME in self.traps:
            names[2] = names[2][0] + stock.BEYOND_BMP
        mobiles = self.lots.number("mobiles", 0, 9990)
        return {
            role: self.person(name, role, f"1380000{mobiles + n:04d}", f"{mailbox}@{pinyin}.example")
            for n, (role, name, mailbox) in enumerate(zip(MANAGERS, names, ("faren", "caiwu", "guanwu"), strict=True))
        }

    def names(self, count: int) -> list[str]:
        """Names of people: the managers' come first, then those of whoever else is named. No two share a surname."""
        surnames = self.lots.some("surnames", stock.SURNAMES, 6)
        given = self.lots.some("given names", stock.GIVEN_NAMES, 6)
        return [surname + name for surname, name in zip(surnames, given, strict=True)][:count]

    def person(self, name: str, role: str, mobile: str, email: str) -> Person:
        born = date(1890, 1, 1) + timedelta(days=self.lots.number(f"birth of {role}", 0, 3651))
        number = self.lots.number
        return Person(
            name=name,
            id_number=synthetic_id_card(born, number(f"serial of {role}", 1, 999)),
            home=self.home(role),
            phone=f"0755-0{number(f'phone of {role}', 0, 9_999_999):07d}",
            mobile=mobile,
            email=email,
        )

    def home(self, role: str) -> str:
        place = self.lots.pick(f"home of {role}", [place for place in stock.PLACES if not place.qianhai])
        house, flat = self.lots.number(f"house of {role}", 1, 20), self.lots.number(f"flat of {role}", 101, 999)
        return f"广东省深圳市{place.name}演练花园{house}栋{flat}房"

    def capital(self) -> Decimal:
        if Trap.FOUR_PLACES in self.traps:
            return Decimal(self.lots.number("capital", 50_000, 999_999) * 10 + self.lots.number("last", 1, 9)) / 10_000
        return Decimal(self.lots.pick("capital", _CAPITALS))

    def holding(self, owner: Person) -> tuple[str, Decimal, tuple[Investor, ...], str, str]:
        """Currency, capital, who holds it, and the 经济类型 and the licence's 类型 that follow."""
        kind = self.lots.pick("holding", _HOLDINGS)
        others = [(name, "CHN") for name in self.names(5)[3:]]
        firm = (self.firm("holder", "投资有限公司"), "CHN")
        abroad = (self.firm("holder abroad", "（香港）有限公司"), "HKG")
        me = (owner.name, "CHN")
        holders, economic_type, licence_type = {
            "alone": ([me], "173", "有限责任公司（自然人独资）"),
            "together": ([me, *others], "173", "有限责任公司（自然人投资或控股）"),
            "with a firm": ([me, firm], "159", "其他有限责任公司"),
            "from abroad": ([abroad], "230", "有限责任公司（港澳台法人独资）"),
            "joint": ([abroad, firm], "210", "有限责任公司（港澳台投资、非独资）"),
        }[kind]
        if kind == "together":
            holders = holders[: self.lots.number("holders", 2, 3)]
        currency = self.lots.pick("currency", ("HKD", "USD", "CNY")) if kind == "from abroad" else "CNY"
        capital = self.capital()
        parts = self.lots.pick("shares", _SHARES[len(holders)])
        amounts = [(capital * part / 100).quantize(Decimal("0.0001")) for part in parts[:-1]]
        amounts.append(capital - sum(amounts))
        methods = ["货币", *(self.lots.pick(f"method {n}", ("货币", "货币", "知识产权", "实物")) for n in (1, 2))]
        investors = tuple(
            Investor(name, country, method, paid)
            for (name, country), method, paid in zip(holders, methods, amounts, strict=False)
        )
        return currency, capital, investors, economic_type, licence_type

    def firm(self, who: str, form: str) -> str:
        return f"{'深圳市' if '香港' not in form else ''}{''.join(self.letters(who))}{stock.TRAINING}{form}"

    def parent(self, name: str) -> Parent:
        elsewhere = self.lots.pick("place of the parent", [place for place in stock.PLACES if not place.qianhai])
        return Parent(
            uscc=synthetic_uscc(self.lots.number("uscc of the parent", 0, 31**4 - 1), PARENTS),
            name_cn=name,
            legal_representative=self.names(6)[5],
            capital=Decimal(self.lots.pick("capital of the parent", _CAPITALS)),
            address_cn=f"广东省深圳市{elsewhere.name}演练中路{self.lots.number('door of the parent', 1, 99)}号",
            established_on=self.today - timedelta(days=self.lots.number("age of the parent", 4100, 6000)),
        )

    def address(self) -> tuple[str, str, str]:
        """The address in both languages, and as the lease writes it."""
        number, place = self.lots.number, self.place
        road = self.lots.pick("road", tuple(stock.ROADS))
        building = self.lots.pick("building", tuple(stock.BUILDINGS))
        door, storey, room = number("door", 1, 199), number("storey", 2, 9), number("room", 1, 20)
        flat = f"{storey}{room:02d}"
        where = f"深圳市{place.name}{road}"
        english = f"{stock.ROADS[road]}, {place.english}, Shenzhen, Guangdong"
        if Trap.LONG_ADDRESS in self.traps:
            last = f"{storey}{room + 4:02d}"
            cn = f"广东省{where}{door}号{_LONG_TAIL}{storey}栋B座裙楼{flat}室至{last}室（一照多址）"
            en = f"Rooms {flat}-{last}, Podium, Tower B, Block {storey}, {_LONG_TAIL_EN}, No. {door} {english}"
            return cn, en, f"{where}{door}号演练科技园二期{storey}栋" if Trap.LEASE_SPELLING in self.traps else cn
        cn = f"广东省{where}{door}号{building}{storey}层{flat}室"
        en = f"Room {flat}, {storey}/F, {stock.BUILDINGS[building]}, No. {door} {english}"
        said = f"{where} {door} 号{building}{_DIGITS[storey]}楼 {flat} 房"
        return cn, en, said if Trap.LEASE_SPELLING in self.traps else cn


def _spelt(value: Decimal) -> str:
    """An amount as a sheet keeps it."""
    spelt = amount(f"{value:f}")
    assert spelt is not None
    return spelt
