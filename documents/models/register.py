"""How the secretariat numbers papers, and what one paper says of another."""

import re
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from documents.models.papers import Document
from mandates.models import RegisteredSymbol, WorkingGroup, registered_organs
from mandates.symbol_words import explain
from mandates.symbols import HIGHEST, YEARS, SymbolError, parse
from mispa.ground.models import Tracked

NUMBER: Final = "{n}"
YEAR: Final = "{yy}"
_BOTH_ONCE: Final = _("Write {n} where the number stands and {yy} where the year stands, each once.")
_SAMPLES: Final = (("99999", "13"), ("98765", "14"))  # two: what stays the same in both is no place to fill


def read_pattern(typed: str) -> str:
    """The pattern in its canonical form, such as GT/MISPA-IV/doc.{n}/{yy}. Raises ValidationError."""
    if typed.count(NUMBER) != 1 or typed.count(YEAR) != 1:
        raise ValidationError(_BOTH_ONCE)
    found = {_read_with(typed, number, year) for number, year in _SAMPLES}
    if len(found) > 1:
        raise ValidationError(_("A numbering ends in number and year: write {n}/{yy} at its end."))
    return found.pop()


def _read_with(typed: str, number: str, year: str) -> str:
    """The pattern as it is read from one symbol that it makes."""
    try:
        symbol = parse(typed.replace(NUMBER, number).replace(YEAR, year), registered_organs())
    except SymbolError as error:
        raise ValidationError(explain(SymbolError(typed, error.complaint, error.reason))) from error
    if symbol.qualifiers or symbol.session or symbol.kind in {"RES", "DEC", "Ser"}:
        raise ValidationError(_("Papers are numbered like GT/MISPA-IV/doc.{n}/{yy}, without session and without rev."))
    return str(symbol).removesuffix(f"{number}/{year}") + f"{NUMBER}/{YEAR}"


class NumberPattern(Tracked):
    """How the papers of a group are numbered: those of one kind, or all for which there is no pattern of their own."""

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="number_patterns")
    kind = models.CharField(_("kind"), max_length=32, choices=Document.Kind, blank=True, default="")
    pattern = models.CharField(_("pattern"), max_length=100)

    class Meta:
        ordering = ["group", "kind", "id"]
        verbose_name = _("numbering")
        verbose_name_plural = _("numberings")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind"],
                condition=Q(is_withdrawn=False),
                name="numberpattern_once_per_kind",
                violation_error_message=_("Papers of this kind are numbered already; edit that numbering."),
            ),
            models.CheckConstraint(
                condition=Q(pattern__contains=NUMBER) & Q(pattern__contains=YEAR),
                name="numberpattern_has_number_and_year",
                violation_error_message=_BOTH_ONCE,
            ),
        ]

    def __str__(self) -> str:
        return self.pattern

    def clean(self) -> None:
        try:
            self.pattern = read_pattern(self.pattern)
        except ValidationError as error:
            raise ValidationError({"pattern": error.messages}) from error

    @classmethod
    def of(cls, group: WorkingGroup, kind: str) -> "NumberPattern | None":
        """The pattern for papers of a kind: its own, else the one for all others."""
        found = cls.objects.filter(group=group, kind__in=[kind, ""], is_withdrawn=False)
        pattern: NumberPattern | None = found.order_by("-kind").first()
        return pattern

    def next_symbol(self, day: date) -> str:
        """The symbol with the next free number of that day's year: one above the highest that was ever taken.

        Inside a change-set nobody else takes one meanwhile, because change-sets run one after the other. Raises
        ValidationError where there is none: two digits mean years from 1948 to 2047, and numbers end with 99999.
        """
        if day.year not in YEARS:
            years = {"first": YEARS[0], "last": YEARS[-1]}
            sentence = _("Symbols have two digits for years from %(first)s to %(last)s; write a day of one of them.")
            raise ValidationError({"registered_on": ValidationError(sentence, params=years)})
        before, after = self.pattern.split(NUMBER)
        after = after.replace(YEAR, f"{day.year % 100:02}")
        highest = 0
        known = (RegisteredSymbol.objects.all(), "canonical"), (Document.objects.all(), "base")
        for rows, column in known:
            highest = max(highest, _highest(rows, column, before, after))
        while _is_taken(symbol := f"{before}{highest + 1}{after}"):  # by a rev. whose paper had no first issue here
            highest += 1
        if highest >= HIGHEST:
            words = {"symbol": f"{before}{highest}{after}"}
            sentence = _("%(symbol)s is taken already, and no number comes after it. Write the symbol that it gets.")
            raise ValidationError({"numbering": ValidationError(sentence, params=words)})
        return symbol


def _highest(rows: Any, column: str, before: str, after: str) -> int:
    """The highest number among symbols of one series and year; leading zeros do not occur in them."""
    shape = f"^{re.escape(before)}[0-9]+{re.escape(after)}$"
    found = rows.filter(**{f"{column}__startswith": before, f"{column}__regex": shape})
    found = found.annotate(length=Length(column)).order_by("-length", f"-{column}").values_list(column, flat=True)
    symbol = found.first()
    return int(symbol[len(before) : len(symbol) - len(after)]) if symbol else 0


def _is_taken(symbol: str) -> bool:
    taken = RegisteredSymbol.objects.filter(Q(canonical=symbol) | Q(canonical__startswith=f"{symbol} "))
    return bool(taken.exists())


# Why what one paper is to another cannot be true the other way round as well.
_ONE_WAY: Final = {
    "replaces": _("%(other)s replaces this paper already; two papers cannot replace each other."),
    "corrects": _("%(other)s corrects this paper already; two papers cannot correct each other."),
    "adds to": _("%(other)s adds to this paper already; two papers cannot add to each other."),
}


class DocumentLink(Tracked):
    """What one paper is to another."""

    class Relation(models.TextChoices):
        REPLACES = "replaces", _("replaces")
        CORRECTS = "corrects", _("corrects")
        ADDS_TO = "adds to", _("adds to")
        REFERS_TO = "refers to", _("refers to")

    document = models.ForeignKey(Document, models.PROTECT, related_name="links")
    other = models.ForeignKey(Document, models.PROTECT, related_name="links_to", verbose_name=_("other paper"))
    relation = models.CharField(_("relation"), max_length=16, choices=Relation)
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("link between papers")
        verbose_name_plural = _("links between papers")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "other", "relation"],
                condition=Q(is_withdrawn=False),
                name="documentlink_once_per_relation",
                violation_error_message=_("This paper is already named."),
            ),
            models.CheckConstraint(
                condition=Q(relation__in=["replaces", "corrects", "adds to", "refers to"]),
                name="documentlink_relation_is_known",
                violation_error_message=_("Choose replaces, corrects, adds to or refers to."),
            ),
            models.CheckConstraint(
                condition=~Q(document=F("other")),
                name="documentlink_leads_to_another",
                violation_error_message=_("A paper is linked with other papers, not with itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.other)

    def clean(self) -> None:
        """Of two papers one comes first: what replaces, corrects or adds to another has not the same from it."""
        if self.is_withdrawn or self.relation not in _ONE_WAY:
            return
        back = DocumentLink.objects.standing().filter(document=self.other_id, other=self.document_id)
        if back.filter(relation=self.relation).exists():
            raise ValidationError(_ONE_WAY[self.relation], params={"other": self.other.base or _("symbol pending")})
