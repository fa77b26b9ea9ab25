"""Days, weekdays and hours as papers print them in four languages, taken out of the lines of a cell.

A day is read only where it is printed whole. What can be read in two ways, or is no day at all, stays in words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

_MONTHS: Final = (
    r"january|jan\.?|enero|ene\.|janvier|janv\.|janeiro",
    r"february|feb\.?|febrero|f[ée]vrier|f[ée]vr\.|fevereiro|fev\.",
    r"march|mar\.|marzo|mars|mar[çc]o",
    r"april|apr\.?|abril|abr\.|avril|avr\.",
    r"may|mayo|mai|maio",
    r"june|jun\.?|junio|juin|junho",
    r"july|jul\.?|julio|juillet|juil\.|julho",
    r"august|aug\.?|agosto|ago\.|ao[ûu]t",
    r"september|sept?\.?|septiembre|setiembre|septembre|setembro|set\.",
    r"october|oct\.?|octubre|octobre|outubro|out\.",
    r"november|nov\.?|noviembre|novembre|novembro",
    r"december|dec\.?|diciembre|dic\.|d[ée]cembre|d[ée]c\.|dezembro|dez\.",
)
_WEEKDAYS: Final = (
    r"mondays?|lunes|lundi|segunda[- ]feira|mon\.",
    r"tuesdays?|martes|mardi|ter[çc]a[- ]feira|tues?\.",
    r"wednesdays?|mi[ée]rcoles|mercredi|quarta[- ]feira|wed\.",
    r"thursdays?|jueves|jeudi|quinta[- ]feira|thur?s?\.",
    r"fridays?|viernes|vendredi|sexta[- ]feira|fri\.",
    r"saturdays?|s[áa]bados?|samedi|sat\.",
    r"sundays?|domingos?|dimanche|sun\.",
)
_I: Final = re.IGNORECASE
_LONGEST: Final = 300  # letters of a cell that tells a time
_MONTH: Final = "|".join(_MONTHS)
_WEEKDAY: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_WEEKDAYS)})(?!\w)", _I)
_ARTICLE: Final = r"(?:(?:the|el|le|o|los|les|du|du|del|do|de|al|au|ao)\s+)?"
_NAMED_DAY: Final = rf"(?:(?:{'|'.join(_WEEKDAYS)})(?!\w),?\s+)?"
_NUMBER: Final = r"[0-3]?[0-9](?:(?:st|nd|rd|th|er|º|°|\.º)(?![a-z]))?"
_TO: Final = r"\s*(?:,?\s(?:and|y|e|et|to|through|until|al|a|au|à|ao|até|hasta|or|o|ou)\s|&|[-\u2013\u2014/])\s*"
_DAYS: Final = rf"{_NUMBER}(?:\s*,\s*{_NAMED_DAY}{_NUMBER}(?![0-9]))*(?:{_TO}{_ARTICLE}{_NAMED_DAY}{_NUMBER}(?![0-9]))?"
# September 5 and 6[, 2013]; 5 y 6 de septiembre [de 2013]
_PART: Final = (
    rf"(?:(?P<m{{0}}>{_MONTH})\s+(?P<d{{0}}>{_DAYS})(?![0-9:])|(?P<e{{0}}>{_DAYS})\s+(?:de\s+|of\s+)?(?P<n{{0}}>{_MONTH})(?!\w))"
    rf"(?:\s*,?\s*(?:del?\s+)?(?P<y{{0}}>(?:19|20)[0-9]{{{{2}}}})(?![0-9]))?"
)
_WRITTEN: Final = re.compile(
    rf"(?<![\w/])(?:(?:from|del|du|de)\s+)?{_PART.format(1)}(?:,?{_TO}{_ARTICLE}{_NAMED_DAY}{_PART.format(2)})?", _I
)
_FIGURES: Final = re.compile(
    r"(?<![\w/.-])(?:(?P<iso>[0-9]{4})-(?P<im>[0-9]{2})-(?P<id>[0-9]{2})"
    r"|(?P<a>[0-9]{1,2})(?P<sep>[/.-])(?P<b>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2}))(?![\w/-])"
)
_RANGE: Final = re.compile(r"\s(?:to|through|until|al|a|au|à|ao|até|hasta)\s|[-\u2013\u2014]", _I)
_OR: Final = re.compile(r"\s(?:or|o|ou)\s|/", _I)
_OPEN: Final = re.compile(
    r"to be (?:confirmed|determined|decided|set)|\bt\.?b\.?[cd]\b\.?|tentative(?:ly)?|provisional(?:ly)?|"
    r"(?:por|a) (?:confirmar|definir|determinar)|(?:à|a) (?:confirmer|d[ée]terminer|d[ée]finir|fixer)|"
    r"\b(?:approximately|circa|about|around|aproximadamente|hacia|vers|por volta de)\b",
    _I,
)
_VAGUE: Final = re.compile(
    rf"(?<!\w)(?:{_MONTH}|early|late|mid|spring|summer|autumn|fall|winter|first|second|third|last|week|month|half|"
    r"quarter|beginning|end|semana|mes|m[êe]s|quincena|quinzena|semestre|trimestre|principios|mediados|fines|finales|"
    r"inicio|comienzos|in[íi]cio|meados|final|fin|d[ée]but|mi|semaine|mois|quinzaine|milieu|courant|(?:19|20)[0-9]{2}"
    r")(?!\w)",
    _I,
)
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_LONGEST_VAGUE: Final = 60
_LITTLE: Final = re.compile(
    r"of|the|in|el|la|los|las|de|del|en|le|du|da|do|em|no|na|y|e|et|and|to|a|segund[ao]|primer[ao]?|tercer[ao]?|"
    r"[úu]ltim[ao]|deuxi[èe]me|seconde?|premi[èe]re?|derni(?:er|[èe]re)|primeir[ao]|metade|mitad|moiti[ée]|[0-9]{1,2}(?:st|nd|rd|th)",
    _I,
)
_MARKER: Final = r"(?P<{0}m>[ap]\s?\.?\s?m\.?(?!\w)|m\.(?!\w)|noon(?!\w))?"
_HOUR: Final = (
    r"(?P<{0}h>[0-2]?[0-9])(?:\s?(?P<{0}s>[:.hH]|\bh)\s?(?P<{0}n>[0-5][0-9])(?![0-9]))?\s?"
    + _MARKER
    + r"(?:(?P<{0}u>h(?:(?:rs?|oras?|eures?|ours?)\.?)?)(?!\w)\.?)?"
)
_HOURS: Final = re.compile(
    rf"(?<![\w.,/])(?:(?:from|de|das|desde|entre|between|à)\s+(?:las?\s+)?)?{_HOUR.format('a')}"
    rf"(?:\s*(?:[-\u2013\u2014/]|\b(?:to|a|à|às|as|al|hasta|until|at[ée]|y|and|et|e)\b)\s*(?:las?\s+)?{_HOUR.format('b')})?"
    r"(?P<zone>\s*\([^()]*\))?",
    _I,
)
_LABEL: Final = re.compile(
    r"\s*(?:dates?|fechas?|data|times?|hours?|horas?|hor[áa]rio|heures?|place|venue|room|lugar|lieu|salle|sala|local)\s*:\s*",
    _I,
)
_CONNECTORS: Final = re.compile(
    r"(?<!\w)(?:on|the|le|el|les|los|las|del|de|du|from|at|a|à|as|às|das|do|o|and|y|et|e|h|hs|hrs?|horas?|hours?|heures?)(?!\w)\.?",
    _I,
)


@dataclass(frozen=True)
class When:
    """What the lines of a cell say of a time. `rest` are the lines that say something else, such as a room."""

    starts: date | None = None
    ends: date | None = None
    from_hour: time | None = None
    to_hour: time | None = None
    words: str = ""  # where the time stays in words
    candidates: tuple[date, ...] = ()
    weekday_candidates: tuple[date, ...] = ()  # the day as printed, and the nearest with the printed weekday
    weekday: str = ""
    zone: str = ""  # in brackets after the hours
    rest: tuple[str, ...] = ()


def read_when(lines: Sequence[str]) -> When:
    """The time that the lines print, the lines being those of one cell."""
    lines = [" ".join(line.split()) for line in lines if line.strip()]
    if sum(map(len, lines)) > _LONGEST:
        return When(words=", ".join(lines))
    left, found = list(lines), _Found([], [], [], [], "", False)
    for place, line in enumerate(lines):
        left[place] = _take(line, found)
    used = [place for place, line in enumerate(lines) if left[place] != line or _OPEN.search(line)]
    rest = [said for place in range(len(lines)) if (said := _said(left[place], place in used))]
    days = found.days
    exact = len(days) == 1 and len(days[0]) == 1 and not found.is_open
    choice = _by_weekday(days, found.weekdays) if len(days) == 1 and not found.is_open else None
    if not exact and choice:
        days, exact = [[choice]], True
    if exact and len(found.hours) <= 1 and not any(hours[0] is None for hours in found.hours):
        starts, ends = days[0][0]
        return _exact(starts, ends, found, tuple(rest), lines, left)
    return _in_words(lines, left, found)


@dataclass
class _Found:
    days: list[list[tuple[date, date]]]  # of each date that is printed, the days that it can mean
    weekdays: list[int]
    weekday_words: list[str]
    hours: list[tuple[time | None, time | None]]
    zone: str
    is_open: bool


def _take(line: str, found: _Found) -> str:
    """The line without its days, weekdays and hours, which go to `found`."""
    found.is_open = found.is_open or _OPEN.search(line) is not None
    line = _LABEL.sub("", line, count=1) if _LABEL.match(line) else line
    for weekday in _WEEKDAY.finditer(line):
        found.weekdays.append(_index(weekday[0], _WEEKDAYS))
        found.weekday_words.append(weekday[0])
    for written in _WRITTEN.finditer(line):
        found.days.append(_days_of(written))
    line = _WRITTEN.sub("", line)
    for figures in _FIGURES.finditer(line):
        found.days.append(_figures(figures))
    line = _WEEKDAY.sub("", _FIGURES.sub("", line))
    return _HOURS.sub(lambda match: _hours(match, found), line)


def _index(word: str, names: Sequence[str]) -> int:
    return next(place for place, name in enumerate(names) if re.fullmatch(name, word, _I))


def _days_of(match: re.Match[str]) -> list[tuple[date, date]]:
    """The days that a written date can mean: one pair where it is plain, none where it is no day or has no year."""
    parts = [(match[f"m{one}"] or match[f"n{one}"], match[f"d{one}"] or match[f"e{one}"]) for one in (1, 2)]
    last_year = match["y2"] or match["y1"]
    if not last_year:
        return []
    days: list[date] = []
    for (month, numbers), year in zip(parts, (match["y1"] or last_year, last_year), strict=True):
        if not month:
            continue
        for number in _numbers(numbers):
            if not (day := _day(int(year), _index(month, _MONTHS) + 1, number)):
                return []
            days.append(day)
    if _OR.search(_WEEKDAY.sub("", match[0])):
        return [(day, day) for day in days]
    is_range = len(days) == 1 or _RANGE.search(match[0].replace("-feira", "")) or _follow(days)
    return [(days[0], days[-1])] if is_range and days == sorted(set(days)) else [(day, day) for day in days]


def _numbers(words: str) -> Iterator[int]:
    for number in re.findall(r"(?<![0-9])[0-9]{1,2}(?![0-9])", words):
        yield int(number)


def _follow(days: Sequence[date]) -> bool:
    return all(later - one == timedelta(days=1) for one, later in pairwise(days))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _figures(match: re.Match[str]) -> list[tuple[date, date]]:
    """2013-09-05 is plain; of 05/09/2013 nobody knows which number is the month, unless one of them cannot be."""
    if match["iso"]:
        readings = [_day(int(match["iso"]), int(match["im"]), int(match["id"]))]
    else:
        first, second = int(match["a"]), int(match["b"])
        year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        readings = [_day(year, second, first), _day(year, first, second)]
    return [(day, day) for day in dict.fromkeys(readings) if day]


def _by_weekday(days: Sequence[Sequence[tuple[date, date]]], weekdays: Sequence[int]) -> tuple[date, date] | None:
    """The one reading that the printed weekday leaves."""
    if len(weekdays) != 1:
        return None
    fitting = [pair for pair in days[0] if pair[0].weekday() == weekdays[0]]
    return fitting[0] if len(fitting) == 1 and len(days[0]) > 1 else None


# ---- hours


def _hours(match: re.Match[str], found: _Found) -> str:
    """Takes the hours of a match, if they are hours; what stays of the match otherwise is all of it."""
    is_range = match["bh"] is not None
    first, last = _parts(match, "a"), _parts(match, "b") if is_range else None
    told = [part for part in (first, last) if part]
    is_hour = any((part.minutes is not None and part.sign != ".") or part.marker or part.unit for part in told)
    is_dotted = is_range and all(part.minutes is not None for part in told)
    if not (is_hour or is_dotted):
        return match[0]
    starts, ends = _span(first, last)
    found.hours.append((starts, ends) if starts and (not is_range or ends) else (None, None))
    zone = (match["zone"] or "").strip(" ()")
    found.zone = found.zone or zone
    return ""


@dataclass(frozen=True)
class _Part:
    hour: int
    minutes: int | None
    sign: str
    marker: str  # a, p, m (noon), or nothing
    unit: str

    def at(self, marker: str) -> time | None:
        hour = self.hour
        if marker and not 1 <= hour <= 12:
            return time(hour, self.minutes or 0) if marker == "p" and 12 < hour < 24 else None
        if marker in ("p", "a"):
            hour = hour % 12 + (12 if marker == "p" else 0)
        return time(hour, self.minutes or 0) if hour < 24 else None


def _parts(match: re.Match[str], which: str) -> _Part:
    marker = (match[f"{which}m"] or "").lower()
    minutes = match[f"{which}n"]
    return _Part(
        int(match[f"{which}h"]),
        int(minutes) if minutes else None,
        match[f"{which}s"] or "",
        "m" if marker.startswith(("m", "n")) else marker[:1],
        match[f"{which}u"] or "",
    )


def _span(first: _Part, last: _Part | None) -> tuple[time | None, time | None]:
    """From and to. Where only the end says a.m. or p.m., the beginning is the nearest hour before it."""
    if last is None:
        return first.at(first.marker), None
    ends = last.at(last.marker)
    if first.marker or not last.marker:
        starts = first.at(first.marker)
    else:
        both = [first.at(marker) for marker in (("p", "a") if last.marker != "a" else ("a",))]
        starts = next((one for one in both if one and ends and one < ends), None)
    return (starts, ends) if starts and ends and starts < ends else (None, None)


# ---- what comes out


def _exact(
    starts: date, ends: date, found: _Found, rest: tuple[str, ...], lines: Sequence[str], left: Sequence[str]
) -> When:
    hours = found.hours[0] if found.hours else (None, None)
    weekday, candidates = _contradiction(starts, ends, found)
    if hours[0] and (not hours[1] or starts != ends):  # from an hour on, or hours of several days: in words
        words = ", ".join(line.strip(" ,") for line, after in zip(lines, left, strict=True) if after != line)
        only = ends if starts != ends else None
        return When(starts, only, None, None, words, (starts,), candidates, weekday, found.zone, rest)
    return When(starts, ends, hours[0], hours[1], "", (), candidates, weekday, found.zone, rest)


def _contradiction(starts: date, ends: date, found: _Found) -> tuple[str, tuple[date, ...]]:
    printed = list(zip(found.weekdays, found.weekday_words, strict=True))
    wanted = [(starts, *printed[0])] if printed else []
    if len(printed) == 2 and starts != ends:
        wanted.append((ends, *printed[1]))
    for day, weekday, word in wanted:
        if day.weekday() != weekday:
            ahead = (weekday - day.weekday()) % 7
            nearest = day + timedelta(days=ahead if ahead <= 3 else ahead - 7)
            return word, (day, nearest)
    return "", ()


def _in_words(lines: Sequence[str], left: Sequence[str], found: _Found) -> When:
    """The time stays as it is printed; lines that say nothing of time are the rest."""
    of_time = [
        place for place, line in enumerate(lines) if left[place] != line or _VAGUE.search(line) or _OPEN.search(line)
    ]
    if not of_time and lines:
        of_time = [0]
    words = ", ".join(lines[place].strip(" ,") for place in of_time)
    rest = tuple(line for place, line in enumerate(lines) if place not in of_time)
    candidates = tuple(dict.fromkeys(pair[0] for reading in found.days for pair in reading))
    return When(words=words, candidates=candidates, zone=found.zone, rest=rest)


def _said(left: str, is_partly_used: bool) -> str:
    """What a line says beside the time: nothing where only little words and signs are left of it."""
    if not is_partly_used:
        return left
    bare = _CONNECTORS.sub(" ", left).strip(" ,;:.-\u2013\u2014()/[]")
    return left.strip(" ,;:-\u2013\u2014") if re.search(r"\w", bare) else ""


def begins_with_a_time(line: str) -> bool:
    """Whether a line begins with a weekday or a day."""
    words = line.strip()[:200]
    return any(pattern.match(words) for pattern in (_WEEKDAY, _WRITTEN, _FIGURES))


def says_only_a_time(line: str) -> bool:
    """Whether a line holds days or hours, and no other words."""
    found = _Found([], [], [], [], "", False)
    left = _take(line, found) if len(line) <= _LONGEST else line
    return bool(found.days or found.weekdays or found.hours) and not _said(left, is_partly_used=True)


def is_vague(words: str) -> bool:
    """Whether a few words tell a time without a day, such as “second half of October 2013”."""
    if len(words) > _LONGEST_VAGUE or not _YEAR.search(words) or begins_with_a_time(words):
        return False
    rest = [one for one in re.split(r"[\s,-]+", _YEAR.sub("", words)) if one and not _LITTLE.fullmatch(one)]
    return bool(rest) and all(_VAGUE.fullmatch(one) for one in rest)
