"""Document symbols of the Organization of American States: read them, write them, find them in running text.

Pure Python, no Django. The grammar and its rules N1 to N13 stand in `docs/symbols.md`.
"""

import re
import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["RES", "DEC", "doc", "INF", "serial", "OD", "SA", "ACTA", "Ser"]

# N9. RC, MISPA and REMJA stand for their families (RC.23, MISPA III, REMJA-VI), OEA for shelf marks only.
_ORGANS: Final = """
AG CP CIDI CEPCIDI CICAD CICTE CIM CITEL CJI CE CES CSH CAJP GT GE GETC GTC GRIC SG RC MISPA REMJA OEA
"""
REGISTERED: Final = frozenset(_ORGANS.split())

_BEFORE_NUMBER: Final[dict[Kind, str]] = {
    "RES": "/RES. ",
    "DEC": "/DEC. ",
    "doc": "/doc.",
    "INF": "/INF.",
    "OD": "/OD-",
    "SA": "/SA.",  # /SA- where the organ has more than one part
    "ACTA": "/ACTA ",
    "serial": "-",
    "Ser": "/Ser.",
}
_KINDS: Final = {kind.upper(): kind for kind in _BEFORE_NUMBER}
_ORDINAL_CONNECTOR: Final = {"MISPA": " ", "REMJA": "-"}  # N7
HIGHEST: Final = 99999  # N5
YEARS: Final = range(1948, 2048)  # N4: two digits mean a year among these
_LONGEST: Final = 200  # far above any real symbol; keeps the work on a pasted text small


def gettext_noop(text: str) -> str:
    """The text itself; the name lets `makemessages` find it, for `mandates.symbol_words`."""
    return text


# What can be wrong: the short name that programs use (of a review, readers see it too), and the complaint that
# completes “<text> …”.
_REVIEW: Final = {
    gettext_noop("unknown organ"): gettext_noop(
        "begins with an organ that is not registered; correct it, or have the secretariat add it."
    ),
    gettext_noop("no number"): gettext_noop(
        "has no number; add the one that the secretariat gave, or keep the paper as pending."
    ),
    gettext_noop("short citation"): gettext_noop(
        "names no session; add session and year as the paper prints them, such as (XLII-O/12)."
    ),
    gettext_noop("no year"): gettext_noop("has no year; add the year of registration, such as /13."),
    gettext_noop("session and year disagree"): gettext_noop(
        "has a year that does not fit its session; compare both with the paper itself."
    ),
    gettext_noop("years disagree"): gettext_noop("gives two different years; compare both with the paper itself."),
    gettext_noop("qualifier without number"): gettext_noop(
        "has a rev., corr. or add. without a number; add the number that the paper prints."
    ),
    gettext_noop("lettered addendum"): gettext_noop(
        "has an addendum with a letter; give addenda by number only, or keep it as printed."
    ),
}
_REFUSAL: Final = {
    "nothing": gettext_noop("is empty; write a symbol such as MISPA III/doc.9/11 rev. 2."),
    "too long": gettext_noop("is too long for a symbol; give the symbol alone, without the text around it."),
    "footnote mark": gettext_noop("carries a footnote mark; leave the mark out."),
    "foreign sign": gettext_noop("holds a sign that no symbol uses; give the symbol alone, without marks around it."),
    "several symbols": gettext_noop("seems to name more than one symbol; give each of them alone and in full."),
    "brackets": gettext_noop("has a bracket without its partner; close it, as in CP/RES. 1014 (1915/13)."),
    "split digits": gettext_noop("has a space between two digits; write the digits of a number together."),
    "not a symbol": gettext_noop("is not a symbol; write organ, series, number and year, such as MISPA/INF.3/08."),
    "organ part": gettext_noop(
        "has an organ that cannot be read; its parts are letters, with digits, dots or hyphens inside."
    ),
    "doubled prefix": gettext_noop("names the same organ twice; write each part of the organ once."),
    "number": gettext_noop("has a number that is not between 1 and 99999; correct it."),
    "year": gettext_noop("has a year that is neither two digits nor four from 1948 to 2047; correct it."),
    "session": gettext_noop(
        "does not give its session as its series does; CP has (1915/13), AG and the others (XLII-O/12)."
    ),
    "Roman numeral": gettext_noop("has a Roman numeral that is not well formed; correct it."),
    "qualifier": gettext_noop(
        "does not end in plain qualifiers; write rev. 1, corr. 1 or add. 1, nothing between or after."
    ),
    "repeated qualifier": gettext_noop("has the same qualifier twice; give rev., corr. and add. at most once each."),
    "shelf mark": gettext_noop("is not a shelf mark; these look like OEA/Ser.K/XLIX.3 and take no qualifier."),
}


class SymbolError(ValueError):
    """Refused: not a symbol. Its text is one sentence for the reader, `reason` the short name for programs.

    The sentence is in English; `mandates.symbol_words` says it in the language of the page.
    """

    def __init__(self, shown: str, complaint: str, reason: str) -> None:
        super().__init__(shown, complaint, reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"\u201c{self.shown}\u201d {self.complaint}"

    @property
    def shown(self) -> str:
        """The refused text on one line, shortened where it is long."""
        return str(self.args[0])

    @property
    def complaint(self) -> str:
        """What is wrong with it: one of the constants above, in English."""
        return str(self.args[1])


class SymbolNeedsReview(SymbolError):
    """Probably meant as a symbol, but a person must look: keep what is printed and link nothing.

    `symbol` is what can be read of it, not a symbol to be registered.
    """

    symbol: "Symbol | None" = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """One document in all its languages, as `parse` reads it; `str()` gives the canonical form (N13).

    `year` has four digits, None on a shelf mark. `session` is `XLII-O`, or the Council's meeting number, or on a shelf
    mark what follows its letter (the letter is the number). `qualifiers` keep their order, which carries meaning.
    `year_twice` tells `CIDI/RES. 1/17 (XX-O/17)` from the forms that give the year once.
    """

    organ: str
    kind: Kind
    number: str
    session: str | None = None
    year: int | None = None
    qualifiers: tuple[tuple[str, int], ...] = ()
    year_twice: bool = False

    def __str__(self) -> str:
        return self.organ + self._after_organ()

    def _after_organ(self) -> str:
        before = "/SA-" if self.kind == "SA" and "/" in self.organ else _BEFORE_NUMBER[self.kind]
        year = "" if self.year is None else f"/{self.year % 100:02}"
        if self.session is None:
            after = year
        elif self.kind == "Ser":
            after = f"/{self.session}"
        else:
            after = f"{year if self.year_twice else ''} ({self.session}{year})"
        return before + self.number + after + "".join(f" {word}. {number}" for word, number in self.qualifiers)

    @property
    def display(self) -> str:
        """The canonical form for the eye: the space of `MISPA III` does not break (N7)."""
        return self.organ.replace(" ", "\N{NO-BREAK SPACE}") + self._after_organ()

    @property
    def slug(self) -> str:
        """The canonical form for addresses: lower-case ASCII, and no two symbols share one (`docs/symbols.md`)."""
        organ = self.organ.lower().replace("-", "_").replace(".", "__")
        if re.match(r"mispa/[mdclxvi]+(?:/|$)", organ):  # MISPA/CD, a body of MISPA, is not MISPA CD, its 400th meeting
            organ = organ.replace("/", "--", 1)
        after = re.sub("[^a-z0-9]+", "-", self._after_organ().lower())
        return re.sub("[ /]", "-", organ) + after.rstrip("-")

    @property
    def base(self) -> "Symbol":
        """The paper itself, whatever its revision, corrigendum or addendum."""
        return replace(self, qualifiers=())

    def with_qualifiers(self, qualifiers: Sequence[tuple[str, int]]) -> "Symbol":
        """Another state of the same paper."""
        return replace(self, qualifiers=tuple(qualifiers))

    @property
    def rev(self) -> int | None:
        return dict(self.qualifiers).get("rev")

    @property
    def corr(self) -> int | None:
        return dict(self.qualifiers).get("corr")

    @property
    def add(self) -> int | None:
        return dict(self.qualifiers).get("add")


@dataclass(frozen=True, slots=True)
class Hit:
    """A symbol in running text: `printed` is `text[start:end]`; `symbol` or `error` is set, never both."""

    start: int
    end: int
    printed: str
    symbol: Symbol | None
    error: SymbolNeedsReview | None


def parse(text: str, organs: Set[str] = REGISTERED) -> Symbol:
    """Read one symbol, printed in any of the ways that N1 to N8 allow; `organs` are the first parts of N9.

    Raises `SymbolNeedsReview` where a person must look, plain `SymbolError` where the text is no symbol. What
    refuses a text comes before what only puts it in doubt.
    """
    symbol, doubts = _examined(text, organs)
    if doubts:
        doubt = _needs_review(text, doubts[0])
        doubt.symbol = symbol
        raise doubt
    return symbol


class _Wrong(Exception):
    """Not a symbol, for the reason in `_REFUSAL` that it names; `_examined` makes a `SymbolError` of it."""


def _examined(text: str, organs: Set[str]) -> tuple[Symbol, list[str]]:
    """The symbol as far as it can be read, and what is in doubt about it, the gravest first."""
    try:
        return _read(_normalised(text), organs)
    except _Wrong as wrong:
        reason = str(wrong)
        raise SymbolError(_shown(text), _REFUSAL[reason], reason) from None


def _needs_review(text: str, reason: str) -> SymbolNeedsReview:
    return SymbolNeedsReview(_shown(text), _REVIEW[reason], reason)


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}\N{HORIZONTAL ELLIPSIS}"


def _read(plain: str, organs: Set[str]) -> tuple[Symbol, list[str]]:
    if _SHELF_MARK_BEGINS.match(plain):
        return _read_shelf_mark(plain, organs)
    first = _QUALIFIER.search(plain)
    head, tail = (plain[: first.start()], plain[first.start() :]) if first else (plain, "")
    qualifiers, late_doubts = _read_qualifiers(tail)
    pieces = [piece.strip() for piece in head.split("/")]
    series = next((place for place, piece in enumerate(pieces) if _SERIES_WORD.match(piece)), None)
    if series is None:
        symbol, doubts = _read_serial("/".join(pieces), organs)
    else:
        symbol, doubts = _read_worded(pieces[:series], "/".join(pieces[series:]), organs)
    return replace(symbol, qualifiers=qualifiers), doubts + late_doubts


# Signs (N1, N2) ---------------------------------------------------------

# With all of category Pd. Some fonts let a PDF give its hyphens as soft hyphens.
_DASHES: Final = "\N{MINUS SIGN}\N{HYPHEN BULLET}\N{MODIFIER LETTER MINUS SIGN}\N{SOFT HYPHEN}"
_SLASHES: Final = "\N{FRACTION SLASH}\N{DIVISION SLASH}\N{BIG SOLIDUS}\u2571"
_LEGAL: Final = re.compile(r"[A-Za-z0-9 ./()_?-]*")


def _normalised(text: str) -> str:
    """The text in capitals with plain dashes, slashes and single spaces (N1, N2)."""
    spaced = " ".join(text.split())
    if len(spaced) > _LONGEST:
        raise _Wrong("too long")
    if any(unicodedata.category(char) == "No" for char in spaced):  # ¹ would become one more digit of the number
        raise _Wrong("footnote mark")
    folded = "".join(map(_plain_sign, unicodedata.normalize("NFKC", spaced)))
    plain = " ".join(folded.split()).rstrip(" .,;")
    if not plain:
        raise _Wrong("nothing")
    if not _LEGAL.fullmatch(plain):
        raise _Wrong("several symbols" if set(plain) & set(",;&+") else "foreign sign")
    return plain.upper()


def _plain_sign(char: str) -> str:
    """A plain dash or slash for any other; nothing for what no one can see, such as a zero-width space."""
    if char in _SLASHES:
        return "/"
    category = unicodedata.category(char)
    if char in _DASHES or category == "Pd":
        return "-"
    return "" if category == "Cf" else char


# Qualifiers -------------------------------------------------------------

# No possessive quantifiers (`?+`) here or below: over a group, Python before 3.11.5 matches them wrongly.
_QUALIFIER: Final = re.compile(r" ?/? ?(?<![A-Z])(REV|CORR|ADD)(?![A-Z]) ?\.? ?([0-9]+|_*)([ .-]{0,2}[A-Z](?![A-Z]))?")
_QUALIFIERS: Final = re.compile(f"(?:{_QUALIFIER.pattern})*")


def _read_qualifiers(tail: str) -> tuple[tuple[tuple[str, int], ...], list[str]]:
    """The qualifiers in their order, and what is in doubt about them."""
    if not _QUALIFIERS.fullmatch(tail):
        raise _Wrong("qualifier")
    found = _QUALIFIER.findall(tail)
    lettered = {word for word, _, letter in found if letter}
    if lettered - {"ADD"}:
        raise _Wrong("qualifier")
    if len({word for word, _, _ in found}) < len(found):
        raise _Wrong("repeated qualifier")
    qualifiers = tuple((word.lower(), int(_number(digits))) for word, digits, _ in found if digits.isdigit())
    doubts = {"lettered addendum": bool(lettered), "qualifier without number": len(qualifiers) < len(found)}
    return qualifiers, [reason for reason, holds in doubts.items() if holds]


# Numbers (N4 to N6) -----------------------------------------------------

_ROMAN: Final = re.compile("M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def _number(digits: str) -> str:
    if not 1 <= int(digits) <= HIGHEST:
        raise _Wrong("number")
    return str(int(digits))


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 48 else 1900)
    if len(digits) == 4 and year in YEARS:
        return year
    raise _Wrong("year")


def _roman_value(numeral: str) -> int:
    """The value of a well-formed Roman numeral, 0 for anything else."""
    if not _ROMAN.fullmatch(numeral):
        return 0
    values = [_ROMAN_DIGITS[letter] for letter in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


# Organs (N7, N9) --------------------------------------------------------

_SERIES_WORD: Final = re.compile("(?:RES|DEC|DOC|INF|OD|SA|ACTA)(?![A-Z])")
_RESERVED_PART: Final = re.compile("(?:RES|DEC|DOC|INF|OD|SA|ACTA|SER|REV|CORR|ADD)(?![A-Z])|RESOL|DECLAR|DOCUM|INFORM")
_PART: Final = re.compile("(?=[0-9.-]*[A-Z])[A-Z0-9]+(?:[.-][A-Z0-9]+)*")
_FIRST_PART: Final = re.compile("(?=[0-9.-]*[A-Z])[A-Z0-9.-]+")  # C.P. and CP. are no organs, but meant as such
_WITH_ORDINAL: Final = re.compile("(MISPA|REMJA)(?: ?- ?| )([A-Z0-9]+)")
_WITH_NUMBER: Final = re.compile(r"RC ?\. ?([0-9]+)")


def _read_organ(pieces: Sequence[str], organs: Set[str]) -> tuple[str, bool]:
    """The canonical path, and whether its first part is registered."""
    if not pieces:
        raise _Wrong("not a symbol")
    first, known = _read_first_part(pieces[0], organs)
    later = pieces[1:]
    if not all(_PART.fullmatch(part) and not _RESERVED_PART.match(part) for part in later):
        raise _Wrong("organ part")
    if len({first.replace(" ", "-"), *later}) < len(pieces):
        raise _Wrong("doubled prefix")
    return "/".join([first, *later]), known


def _read_first_part(part: str, organs: Set[str]) -> tuple[str, bool]:
    series = _WITH_ORDINAL.fullmatch(part)
    if series and _roman_value(series[2]):
        name = series[1]
        return name + _ORDINAL_CONNECTOR[name] + series[2], name in organs
    if conference := _WITH_NUMBER.fullmatch(part):
        return f"RC.{_number(conference[1])}", "RC" in organs
    if not series and not _FIRST_PART.fullmatch(part):
        raise _Wrong("organ part")
    return part, part in organs and part not in {"RC", "OEA"} and _PART.fullmatch(part) is not None


# Families (grammar, N3, N6, N8, N10) ------------------------------------

_NUMBER: Final = r"(?P<number>[0-9]+|X+|_+|-+|\?+|\.\.+|)"  # digits, or a blank as papers print it
_NUMBERED: Final = re.compile(
    rf"(?P<word>RES|DEC|DOC|INF) ?\.? ?{_NUMBER}(?:/(?P<year>[0-9]+))?(?: ?\( ?(?P<bracket>[^()]*?) ?\))?"
)
_LISTED: Final = re.compile(rf"(?P<word>OD|SA|ACTA) ?[-.]? ?{_NUMBER}(?:/(?P<year>[0-9]+))?")
_SERIAL: Final = re.compile(rf"(?P<organ>.+?)(?P<hyphen> ?- ?| ){_NUMBER}(?:/(?P<year>[0-9]+))?")
_SESSION: Final = re.compile(r"(?P<roman>[IVXLCDM]+)(?: ?- ?| )(?P<type>[OE0])(?:/(?P<year>[0-9]+))?")
_MEETING: Final = re.compile(r"(?P<meeting>[0-9]+)(?:(?:/| ?- ?)(?P<year>[0-9]+))?")
_SHELF_MARK_BEGINS: Final = re.compile(r"OEA ?/ ?SER(?![A-Z])")
_SHELF_MARK: Final = re.compile(
    r"OEA ?/ ?SER ?\. ?(?P<letter>[A-Z])"
    r"(?: ?/ ?(?P<roman>[IVXLCDM]+)(?:(?: ?- ?| )(?P<type>[OE0]))?(?P<numbers>(?: ?\. ?[0-9]+){0,2}))?"
)


def _read_shelf_mark(plain: str, organs: Set[str]) -> tuple[Symbol, list[str]]:
    match = _SHELF_MARK.fullmatch(plain)
    if not match:
        raise _Wrong("shelf mark")
    doubts = [] if "OEA" in organs else ["unknown organ"]
    if not match["roman"]:
        return Symbol("OEA", "Ser", match["letter"]), doubts
    session = _session(match["roman"], match["type"])
    numbers = [_number(digits) for digits in re.findall("[0-9]+", match["numbers"])]
    return Symbol("OEA", "Ser", match["letter"], ".".join([session, *numbers])), doubts


def _session(roman: str, kind: str | None) -> str:
    if not _roman_value(roman):
        raise _Wrong("Roman numeral")
    return roman if kind is None else f"{roman}-{kind.replace('0', 'O')}"


def _read_serial(head: str, organs: Set[str]) -> tuple[Symbol, list[str]]:
    match = _SERIAL.fullmatch(head)
    if not match or "/" not in match["organ"]:
        raise _Wrong(_why_not(head))
    path = match["organ"]
    if path[-1].isdigit() and "-" not in match["hyphen"]:
        raise _Wrong("split digits")
    if re.search("-[0-9]+$", path):  # CP/CSH-12-14/05 is a range
        raise _Wrong("several symbols")
    organ, known = _read_organ(path.split("/"), organs)
    number = _number(match["number"]) if match["number"].isdigit() else ""
    year = _year(match["year"]) if match["year"] else None
    if not ((number or year) if known else (number and year)):
        raise _Wrong("not a symbol")
    symbol = Symbol(organ, "serial", number, year=year)
    return symbol, _doubts(symbol, known, year)


def _read_worded(pieces: Sequence[str], body: str, organs: Set[str]) -> tuple[Symbol, list[str]]:
    match = _NUMBERED.fullmatch(body) or _LISTED.fullmatch(body)
    if not match:
        raise _Wrong(_why_not("/".join([*pieces, body])))
    organ, known = _read_organ(pieces, organs)
    kind = _KINDS[match["word"]]
    number = _number(match["number"]) if match["number"].isdigit() else ""
    year = _year(match["year"]) if match["year"] else None
    bracket = match.groupdict().get("bracket")
    session, session_year = (None, year) if bracket is None else _read_bracket(bracket, organ == "CP")
    if not _session_fits(organ, kind, session, year):
        raise _Wrong("session")
    if not (known or number or session or (year and "." in body)):  # A/RES/70 is a way of the United Nations
        raise _Wrong("not a symbol")
    symbol = Symbol(organ, kind, number, session, session_year, (), bool(session and year))
    return symbol, _doubts(symbol, known, year)


def _read_bracket(bracket: str, council: bool) -> tuple[str, int | None]:
    """The session, or the Council's meeting, and its year (N6, N10)."""
    match = (_MEETING if council else _SESSION).fullmatch(bracket)
    if not match:
        raise _Wrong("session")
    year = _year(match["year"]) if match["year"] else None
    if council:
        return _number(match["meeting"]), year
    return _session(match["roman"], match["type"]), year


def _session_fits(organ: str, kind: Kind, session: str | None, year: int | None) -> bool:
    """Whether the family has such a bracket, beside such a year before it."""
    if kind in {"RES", "DEC"}:
        return not year or organ not in {"AG", "CP"}
    return session is None or (kind == "doc" and organ == "AG" and session.endswith("-E") and not year)


def _doubts(symbol: Symbol, known: bool, year: int | None) -> list[str]:
    """What a person must look at, the gravest first; `year` is the one that stands before the bracket."""
    doubts = {
        "unknown organ": not known,
        "no number": not symbol.number,
        "short citation": symbol.kind in {"RES", "DEC"} and not symbol.session and not year,
        "no year": not symbol.year,
        "years disagree": symbol.year_twice and year != symbol.year,
        "session and year disagree": not _session_suits_year(symbol),
    }
    return [reason for reason, holds in doubts.items() if holds]


def _session_suits_year(symbol: Symbol) -> bool:
    """The Assembly has met in regular session once a year since 1971 (N10)."""
    roman, _, kind = (symbol.session or "").partition("-")
    regular = symbol.organ.split("/")[0] == "AG" and kind == "O"
    return not regular or symbol.year in {None, 1970 + _roman_value(roman)}


def _why_not(text: str) -> str:
    """The reason for refusing a text that has the form of no family (N11, N12)."""
    if text.count("(") != text.count(")"):
        return "brackets"
    if len(_SERIES_WORD.findall(text)) > 1 or re.search(r" (?:AND|OR|TO|Y|O|A|E|ET|OU) |[0-9] ?- ?[0-9]", text):
        return "several symbols"
    if text.endswith("/"):
        return "footnote mark"
    return "split digits" if re.search("[0-9] [0-9]", text) else "not a symbol"


# Running text -----------------------------------------------------------

_ADDRESS: Final = re.compile(r"(?:(?:https?|ftp)://|www\.)\S+", re.IGNORECASE)
_GAP: Final = r"[ ]{0,3}(?:\n[ ]{0,3})?"  # a line may end inside a symbol, a paragraph may not
_DASH: Final = "[-\u2013\u2014]"
_BLANK: Final = rf"(?:X{{2,6}}|_{{1,9}}|\.{{2,6}}|\?{{1,3}}|{_DASH}{{1,6}}|)"
_IN_YEAR: Final = rf"{_GAP}/{_GAP}[0-9]{{1,6}}"
_IN_BRACKET: Final = rf"""{_GAP}\({_GAP}(?:
    [IVXLCDM]{{1,15}}(?:{_GAP}{_DASH}{_GAP}|[ ])[OE0](?:{_IN_YEAR})? | [0-9]{{1,6}}{_GAP}(?:/|{_DASH}){_GAP}[0-9]{{1,6}}
    ){_GAP}\)"""
_MENTION: Final = re.compile(
    rf"""
    (?<![0-9A-Za-z/.@\\&=%~]) (?<![0-9A-Za-z][_-])
    (?:
        OEA{_GAP}/{_GAP}SER[ ]?\.[ ]?[A-Z](?![A-Z])(?:/[IVXLCDM]{{1,15}}(?:{_DASH}[OE0])?(?:\.[0-9]{{1,6}}){{0,2}})?
    |
        (?P<organ>
            (?: (?:MISPA|REMJA)(?:{_GAP}{_DASH})?{_GAP}(?:[IVXLCDM]{{1,15}}|[0-9]{{1,3}})(?![A-Z0-9])
            |   [A-Z][A-Z0-9.-]{{0,29}} )
            (?:/[A-Z0-9][A-Z0-9.\u2013-]{{0,29}}){{0,7}}?
        )
        (?:
            {_GAP}/{_GAP}(?:(?P<decision>RES|DEC)|DOC|INF|OD|SA|ACTA)(?![A-Z])(?:{_GAP}(?:\.|{_DASH}))?{_GAP}
            (?:
                [0-9]{{1,9}}(?:{_IN_YEAR}(?(decision)(?:{_IN_BRACKET})?)|{_IN_BRACKET})?
            |   {_BLANK}(?:{_IN_BRACKET}|{_IN_YEAR})
            |   X{{2,6}}
            )
        |   (?:[ ]?{_DASH}{_GAP}|[ ]{{1,2}})[0-9]{{1,9}}{_IN_YEAR}
        |   {_DASH}[ ]?{_BLANK}{_IN_YEAR}
        |   {_DASH}[0-9]{{1,9}}(?![0-9/])
        )
        (?:
            (?:{_GAP}/)?{_GAP}
            (?:
                ADD(?:{_GAP}\.)?{_GAP}[0-9]{{1,6}}(?:\.[ ]?(?-i:[a-z])|-?[A-Z])(?![A-Z0-9])
            |   (?:REV|CORR|ADD)(?![A-Z])(?:(?:{_GAP}\.)?{_GAP}[0-9]{{1,6}}|\.)
            )
        ){{0,4}}
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def find_all(text: str, organs: Set[str] = REGISTERED) -> list[Hit]:
    """The symbols in running text, in order and without overlap, those that need review among them.

    Positions count in `text` itself. What `parse` refuses is no hit, nor is anything inside an address.
    """
    folded, places = _folded(text)
    folded = _ADDRESS.sub(lambda address: " " * len(address[0]), folded)
    hits: list[Hit] = []
    match = _MENTION.search(folded)
    while match:
        hit = _hit(match, text, places, organs) if _ends_there(folded, match.end()) else None
        if hit:
            hits.append(hit)
        match = _MENTION.search(folded, match.end() if hit else match.start() + 1)
    return hits


def _hit(match: re.Match[str], text: str, places: Sequence[int], organs: Set[str]) -> Hit | None:
    start, end = places[match.start()], places[match.end() - 1] + 1
    printed = text[start:end]
    in_capitals = match["organ"] is None or match["organ"].isupper()
    try:
        symbol, doubts = _examined(printed, organs)
    except SymbolError:
        return None
    if not doubts:
        return Hit(start, end, printed, symbol, None) if in_capitals or symbol.kind != "serial" else None
    if not in_capitals or (doubts[0] == "unknown organ" and not _stands_out(match, doubts)):
        return None
    return Hit(start, end, printed, None, _needs_review(printed, doubts[0]))


def _stands_out(match: re.Match[str], doubts: list[str]) -> bool:
    """Whether an unknown organ is more than chance: NOV/DEC 12/13 has neither full stop, hyphen nor bracket."""
    after_organ = match.string[match.end("organ") : match.end()]
    return len(doubts) == 1 and not set(".(-\u2013\u2014").isdisjoint(after_organ)


def _ends_there(folded: str, end: int) -> bool:
    """Whether a symbol can end at this place: no digit, letter, path or footnote mark is glued to it."""
    after, later = folded[end : end + 1], folded[end + 1 : end + 2]
    if folded[end - 1] == ")" or not after:
        return True
    if after.isalpha() or after.isdecimal() or after == "/":
        return False
    if after in "-_":
        return not later.isalnum()
    return not (after in ".\u2013\u2014" and (later.isdecimal() or (after == "." and later.islower())))


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain signs, and for each of its places the place in `text` (NFKC changes lengths)."""
    signs: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        sign = char if "!" <= char <= "~" else _folded_sign(char)
        signs.append(sign)
        places.extend([place] * len(sign))
    return "".join(signs), places


@lru_cache(maxsize=4096)
def _folded_sign(char: str) -> str:
    """As N1, but line ends, long dashes and raised figures stay apart: they show where a symbol ends."""
    if char in "\n\u2013\u2014" or unicodedata.category(char) == "No":
        return char
    if char in "\u2028\u2029":
        return "\n"
    return "".join(" " if sign.isspace() else _plain_sign(sign) for sign in unicodedata.normalize("NFKC", char))
