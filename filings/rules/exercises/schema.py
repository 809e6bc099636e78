"""What an exercise is made of. There is no code in its content: checks and wrong moves are said by a closed set of
operators, worlds and scripts by closed lists of steps.

Words that begin with `$` stand for something of one variant: `$A` for the credit code of firm A, `$A.name_cn` for its
name, `$day` for what `vary` chose, `$day.opens` for a member of that, which may name firms and filings itself; in a
pattern any other, `$filing`, stands for whatever it meets, the same all
through a check, and `$any` for anything at all, each time anew.
"""

from __future__ import annotations

from typing import Any, dataclass_transform

from django.db.models import TextChoices
from msgspec import Struct, field

from filings.rules.events import EventName
from filings.rules.words import Medium


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of an exercise: whatever is not declared is an error."""


class Actor(TextChoices):
    """Whose deeds a pattern is about. The learner's are those of the accounts that the attempt was given, and of the
    accounts registered in it."""

    LEARNER = "learner", "学员"
    AUTHORITY = "authority", "海关等部门"
    ANYBODY = "anybody", "任何人"


class WrongMove(TextChoices):
    """The usual wrong moves, one name each."""

    BACKFILL_FOR_ALL = "backfill_for_all", "1.1"
    OFFICE_BY_DISTRICT = "office_by_district", "1.2"
    ZONE_GENERAL = "zone_general", "1.3"
    QIANHAI_SAME_CODE = "qianhai_same_code", "1.4"
    CHANGE_WITHOUT_CARD = "change_without_card", "1.5"
    ASKED_NEW_CARD = "asked_new_card", "1.5"
    SECOND_REGISTRATION = "second_registration", "1.5"
    HAMMERING = "hammering", "1.6"
    OWN_NAME_INSTEAD_OF_AGENT = "own_name_instead_of_agent", "1.7"
    TWO_SINGLE_FILINGS = "two_single_filings", "1.8"
    WRONG_DESK = "wrong_desk", "1.9"
    DUAL_CAN_PRINT = "dual_can_print", "1.10"
    SEARCHED_WRONG_PAGE = "searched_wrong_page", "2.1"
    TYPED_CODE_BLIND = "typed_code_blind", "2.2"
    PERSONAL_ACCOUNT = "personal_account", "2.3"
    REREGISTERED = "reregistered", "2.4"
    SOUGHT_REASON_ONLINE = "sought_reason_online", "2.6"
    PRINTED_PREVIEW = "printed_preview", "2.7"
    RETRY_WITHOUT_REPAIR = "retry_without_repair", "2.8"
    ASKED_CUSTOMS_FOR_MOFCOM = "asked_customs_for_mofcom", "2.9"
    INVENTED_SUPERIOR = "invented_superior", "2.10"
    CONSTANT_YEAR = "constant_year", "2.11"
    FILLED_PHANTOM = "filled_phantom", "2.12"
    BACKFILLED_EARLY = "backfilled_early", "2.13"
    SAME_ID_RETRY = "same_id_retry", "2.14"
    SKIPPED_RECHECK = "skipped_recheck", "2.15"
    FORCED_READONLY = "forced_readonly", "2.16"
    SHORTENED_ADDRESS = "shortened_address", "2.17"
    BLAMED_BROWSER = "blamed_browser", "2.18"
    WRONG_CATEGORY_EXPRESS = "wrong_category_express", "2.19"
    CHANGE_BEFORE_CANCEL = "change_before_cancel", "2.20"


# ── what is asked of events and state ─────────────────────────────────────────────────────────────────────────────


class Pattern(Part, kw_only=True):
    """Some events: those of this name, by this actor, and so on.

    firm          the enterprise an event is about, by its credit code
    subject       the filing (or card, report) it is about, by its number
    since, until  on the sandbox's clock; `until` itself is out
    data          what it tells besides
    """

    event: EventName
    actor: Actor = Actor.LEARNER
    medium: Medium | None = None
    firm: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    data: dict[str, Any] = {}


class Compared(Part, kw_only=True):
    """How a value must be: exactly one of these is said."""

    eq: Any = None
    ne: Any = None
    among: list[Any] | None = None
    holds: Any = None
    at_least: Any = None
    at_most: Any = None
    known: bool | None = None


class State(Compared, kw_only=True):
    """What stands in the world, by its path: `firms.$A.standing`."""

    path: str


class Payload(Compared, kw_only=True):
    """What was sent to the authority in a filing that was declared, by its path: `customs_office`.

    agrees  in place of a path: all of it agrees with the client's papers
    """

    filing: str
    path: str = ""
    agrees: bool = False


class Count(Part, kw_only=True):
    """How often something happened."""

    of: Pattern
    at_least: int | None = None
    at_most: int | None = None


class Before(Part, kw_only=True):
    """Something happened before the first of another.

    within  no longer before it, on the sandbox's clock
    again   who does the other once more, this time after it, has done it
    """

    first: Pattern
    then: Pattern
    within: str = ""
    again: bool = False


class Given(Part, kw_only=True):
    """The latest answer to a question is what the state says, whatever that is: no text is fixed."""

    question: str
    state: str


class Condition(Part, kw_only=True):
    """Exactly one operator."""

    state: State | None = None
    payload: Payload | None = None
    exists: Pattern | None = None
    absent: Pattern | None = None
    count: Count | None = None
    before: Before | None = None
    answer: Given | None = None
    all: list[Condition] | None = None
    any: list[Condition] | None = None
    not_: Condition | None = field(default=None, name="not")


class Check(Condition, kw_only=True):
    """Something that must be so at the end. `say` tells what is asked, never the value; `fail` names rule and
    reason."""

    id: str
    say: str
    fail: str = ""


class Diagnoser(Part, kw_only=True):
    """A wrong move, by what shows it, and the sentence that teaches."""

    id: WrongMove
    when: Condition
    say: str


# ── the world ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Firm(Part, kw_only=True):
    """An enterprise of the exercise, made anew for each variant.

    category  it is on record at customs, and in the single window, in this category
    account   it has an account, which is given to the learner
    card      and a card; by a name, where it has one in some variants only
    papers    it is the client whose papers lie on the desk; nothing of it is known but to the market register
    place     where it lies: the code of a district, `qianhai` or `elsewhere`; anywhere unless said
    personal  whoever is at its account registered it as 个人用户 (FAQ 2.3)
    """

    category: str = ""
    account: bool = True
    card: bool | str = False
    papers: bool = False
    place: str = ""
    personal: bool = False
    ledger: dict[str, Any] = {}


class NewFiling(Part, kw_only=True):
    """A filing that is there from the beginning, got to its state by legal steps `age` ago. A registration is filled in
    as its firm is, with `content` laid over it; another kind says its `content` and no more."""

    firm: str
    kind: str = "registration"
    state: str = "draft"
    age: str = "PT0S"
    agent: str = ""
    scenario: str = "by_hand"
    reason_code: str = ""
    content: dict[str, Any] = {}


class NewSeal(Part, kw_only=True):
    """The 电子签章证书 that a firm's account was given `ago`."""

    firm: str
    ago: str


class NewMandate(Part, kw_only=True):
    """A mandate, through the day `valid_to` if that is said."""

    principal: str
    agent: str
    valid_to: str = ""


class InSituation(Part, kw_only=True):
    name: str
    firm: str


class OnRecord(Part, kw_only=True):
    """Facts laid over the customs record of a firm, and over the single window's copy."""

    firm: str
    facts: dict[str, Any]


class InMarket(Part, kw_only=True):
    """Facts laid over what the market register holds of a firm."""

    firm: str
    facts: dict[str, Any]


class Begin(Part, kw_only=True):
    """One thing that is so at the beginning: exactly one of these. A filing's number is known as `name`."""

    situation: InSituation | None = None
    filing: NewFiling | None = None
    mandate: NewMandate | None = None
    seal: NewSeal | None = None
    record: OnRecord | None = None
    market: InMarket | None = None
    name: str = ""


class World(Part, kw_only=True):
    """Where the exercise begins. The first firm's account is the one the task is told to."""

    clock: str
    scenario: str = "approve; pace=fast"
    medium: Medium = Medium.PASSWORD
    firms: dict[str, Firm]
    begin: list[Begin] = []


# ── questions, scripts ────────────────────────────────────────────────────────────────────────────────────────────


class Sort(TextChoices):
    """How a question is answered."""

    YES_NO = "yes_no", "是或否"
    CHOICE = "choice", "选一项"
    TEXT = "text", "文字"


class Choice(Part, kw_only=True):
    value: str
    label: str


class Question(Part, kw_only=True):
    """Something the task asks to be told."""

    id: str
    ask: str
    type: Sort
    choices: list[Choice] = []


class Step(Part, kw_only=True):
    """One act of a script: a call of the business API, an answer, or time that passes.

    firm, by  whose account acts (a firm, or a name by which `vary` means one), and how it is logged in; the first
              firm's unless said
    token     the login that acts in place of it, as it was kept: that of an account registered on the way
    keep      members of the answer, by the names under which later steps mean them
    status    what the call must be answered with; any 2xx unless said
    papers    the body's `content` is transcribed from the client's papers, with `content` laid over it
    """

    get: str = ""
    post: str = ""
    patch: str = ""
    delete: str = ""
    body: dict[str, Any] = {}
    papers: bool = False
    attach: str = ""
    firm: str = ""
    by: Medium | None = None
    token: str = ""
    keep: dict[str, str] = {}
    status: int = 0
    answer: dict[str, Any] = {}
    advance: str = ""


class Wrong(Part, kw_only=True):
    """A way to do it wrong, and the wrong moves that must be noticed."""

    name: str
    fires: list[WrongMove]
    steps: list[Step]


class Screen(Part, kw_only=True):
    """Where a person begins: a page by the name of its address, of a filing by its number; `label` as in the menu."""

    label: str
    page: str
    filing: str = ""
    query: str = ""
    tab: str = ""


class Exercise(Part, kw_only=True):
    """An exercise as its file says it.

    version   raised with every change that matters to who is at it
    call      the call of the business API that shows the behaviour; `behaviour` says it in English
    symptom   what is met; `task` what is to be brought about. Neither tells the remedy
    hints     direction, rule with its quotation, worked step
    minutes   how long it takes who knows
    debrief   what to take home
    """

    id: str
    version: int
    faq: list[str]
    title: str
    behaviour: str = ""
    call: str = ""
    minutes: int
    capstone: bool = False
    screen: Screen
    world: World
    vary: dict[str, list[Any]] = {}
    symptom: str
    task: str
    answers: list[Question] = []
    checks: list[Check]
    diagnosers: list[Diagnoser]
    hints: tuple[str, str, str]
    debrief: str
    golden: list[Step]
    wrong: list[Wrong]

    @property
    def called(self) -> str:
        """What who is at it is told it is called: its title says what there is to be learned."""
        return self.title.partition("：")[0] if self.capstone else f"练习 {self.faq[0]}"


VARIANTS = 20
"""How many variants of its world each exercise has. Ours."""
