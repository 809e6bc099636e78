"""The dates the document names, each with its entry, and the one time zone they are judged in."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from filings.rules.numbers import DASHES, fold

SHANGHAI = ZoneInfo("Asia/Shanghai")

BOTH_QUALIFICATIONS_FROM = date(2018, 4, 20)
"""FAQ 1.8: from this day a registration gives 报关 and 报检 together (海关总署 2018 年第 28 号公告)."""

BACKFILL_BEFORE = date(2018, 8, 1)
"""FAQ 1.1: who held both qualifications before this day need not 补录."""

LEGAL_PERSON_CARD_ALONE_FROM = date(2021, 10, 19)
"""FAQ 2.14: from this day the holder of an enterprise's 法人卡 is given neither its 操作员卡 nor its 报关员卡."""


_AS_WRITTEN = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?|([0-9]{4})([0-9]{2})([0-9]{2})"
)


def day_written(typed: str) -> str:
    """A calendar date as people write it, as programs have to: `2020/5/6`, `2020.5.6`, `2020年5月6日` and `20200506` are
    `2020-05-06`. What is none of these stays, to be told as wrong."""
    text = fold(typed).translate(DASHES)
    found = _AS_WRITTEN.fullmatch(text)
    if found is None:
        return typed
    year, month, day = filter(None, found.groups())
    return f"{year}-{month:0>2}-{day:0>2}"


def moment_written(typed: str) -> str:
    """An instant as people write it: its date in any of these spellings, then the time."""
    day, between, time = fold(typed).partition(" ")
    return day_written(day) + between + time.strip()


def local_date(moment: datetime) -> date:
    """The calendar date of an instant in Shenzhen."""
    return local(moment).date()


def local(moment: datetime) -> datetime:
    """The instant as Shenzhen's clocks show it; past the end of the calendar, its last moment."""
    try:
        return moment.astimezone(SHANGHAI)
    except OverflowError:
        return datetime.max.replace(tzinfo=SHANGHAI)


def rfc3339(moment: datetime) -> str:
    """The instant as the contract writes it: `2021-12-01T09:00:00+08:00`, fractions only where there are any."""
    return local(moment).isoformat()


def at(moment: datetime | None) -> str | None:
    """The instant as the contract writes it; None where there is none."""
    return rfc3339(moment) if moment else None


def on(day: date | None) -> str | None:
    """The calendar date as the contract writes it; None where there is none."""
    return day.isoformat() if day else None


def years_later(day: date, years: int) -> date:
    """The same calendar day years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def working_days_after(day: date, count: int) -> date:
    """The working day that is the `count`th after a day, Saturdays and Sundays left out; public holidays are not
    reckoned."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
