"""Signs of the pages: icons, shapes of meetings, rules of texts, and the ring of a seal."""

import re
from math import cos, pi, sin
from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mispa.ground.diff import differences

register = template.Library()

# Drawn on a field of 20 by 20; line and colour come from the class `i` in the style sheet.
ICONS = {
    "overview": '<path d="M4 2.5h12v15H4zM8 2.5v15"/>',
    "plan": '<path d="M2.5 4h15v12h-15zM2.5 8h15M8 8v8"/>',
    "calendar": '<path d="M2.5 4h15v13h-15zM2.5 8h15M6.5 2v4M13.5 2v4"/>',
    "papers": '<path d="M6 5.5h9.5v12H6zM6 14.5H3.5v-12H13v3"/>',
    "process": '<path d="M2 10h3M9 10h2M15 10h3"/><circle cx="7" cy="10" r="2"/><circle cx="13" cy="10" r="2"/>',
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="M12.6 12.6 17.5 17.5"/>',
    "flag": '<path d="M10 2.5 18 17H2zM10 8v4.2M10 14.4v.2"/>',
    "convened": '<circle cx="10" cy="10" r="7"/>',
    "tbc": '<circle cx="10" cy="10" r="7" stroke-dasharray="2.2 3.3"/>',
    "held": '<circle cx="10" cy="10" r="7" fill="currentColor"/>',
    "moved": '<circle cx="10" cy="10" r="7.6"/><path d="M6.2 10h7.2M10.6 7l3 3-3 3"/>',
    "postponed": '<circle cx="10" cy="10" r="7.6"/><path d="M7.6 6.6v6.8M12.4 6.6v6.8"/>',
    "cancelled": '<path d="M3.6 3.6h12.8v12.8H3.6zM6.5 6.5l7 7M13.5 6.5l-7 7"/>',
    "up": '<path d="M10 16.5v-13M4.5 9 10 3.5 15.5 9"/>',
    "down": '<path d="M10 3.5v13M4.5 11l5.5 5.5 5.5-5.5"/>',
    "back": '<path d="M16.5 10h-13M9 4.5 3.5 10 9 15.5"/>',
    "forward": '<path d="M3.5 10h13M11 4.5l5.5 5.5-5.5 5.5"/>',
    "edit": '<path d="M3 17l1-4.2L13.8 3 17 6.2 7.2 16zM11.5 5.3l3.2 3.2"/>',
    "add": '<path d="M10 3.5v13M3.5 10h13"/>',
    "withdraw": '<path d="M4.5 4.5l11 11M15.5 4.5l-11 11"/>',
    "restore": '<path d="M4.2 10.8a6 6 0 1 0 1.9-5.2L3.5 8M3.5 3.5V8H8"/>',
    "check": '<path d="M3.5 10.8 8 15.3 16.5 5"/>',
    "history": '<circle cx="10" cy="10" r="7.5"/><path d="M10 5.5V10l3.2 2"/>',
    "file": '<path d="M10 3v10M5.8 9 10 13.2 14.2 9M3.5 17h13"/>',
    "lock": '<path d="M4.5 9h11v8h-11zM7 9V6a3 3 0 0 1 6 0v3"/>',
}

# A meeting's status, its icon, its class and its word.
STATES = {
    "proposed": ("tbc", "tbc", gettext_lazy("To be confirmed")),
    "convened": ("convened", "set", gettext_lazy("Convened")),
    "held": ("held", "held", gettext_lazy("Held")),
    "moved": ("moved", "moved", gettext_lazy("Moved")),
    "postponed": ("postponed", "off", gettext_lazy("Postponed")),
    "cancelled": ("cancelled", "off", gettext_lazy("Cancelled")),
    "now": ("", "now", gettext_lazy("In session")),
}

# How settled a text is: the rule that says it, and the word above the rule.
MARKS = {
    "working": ("draft", gettext_lazy("Draft")),
    "draft": ("draft", gettext_lazy("Draft")),
    "issued": ("issued", gettext_lazy("Issued")),
    "released": ("issued", gettext_lazy("Released")),
    "adopted": ("adopted", gettext_lazy("Adopted")),
    "superseded": ("gone", gettext_lazy("Superseded")),
    "withdrawn": ("gone", gettext_lazy("Withdrawn")),
}

CENTRE, TICKS_FROM, SHORTEST, PER_DIGIT = 48, 32.2, 1.9, 0.8
HEX_64 = re.compile(r"[0-9a-f]{64}")
# What Django puts where a page gave no message of its own.
DJANGO_404 = re.compile(r"Http404|Resolver404|No .+ (matches the given query\.|found matching the query)")


class HasStatus(Protocol):
    status: str


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside a word; never without one, so it is hidden from screen readers."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 (from the table above)
    return format_html('<svg class="i" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
def state(meeting: HasStatus | str, words: str = "") -> SafeString:
    """Shape and word of a meeting, or of a status by name: `{% state "moved" "Moved to October 10" %}`."""
    drawing, kind, word = STATES[meeting if isinstance(meeting, str) else meeting.status]
    shape = icon(drawing) if drawing else ""
    return format_html('<span class="state state-{}">{}{}</span>', kind, shape, words or word)


@register.simple_tag
def mark(status: str, words: str = "") -> SafeString:
    """The status word of a text over its own rule: `{% mark "draft" "Draft rev. 1" %}`."""
    rule_name, word = MARKS[status]
    return format_html('<span class="mark mark-{}">{}</span>', rule_name, words or word)


@register.filter
def rule(status: str) -> str:
    """The class that draws the same rule over a sheet: `<article class="sheet {{ status|rule }}">`."""
    return f"rule-{MARKS[status][0]}"


@register.simple_tag
def seal_ring(sha256: str, edition: int, colour: str = "currentColor") -> SafeString:
    """The ring of an edition: 64 ticks round a double line, each as long as its hex digit says.

    Colours are attributes, because in a PDF no style sheet reaches into a drawing.
    """
    if not HEX_64.fullmatch(sha256):
        raise ValueError(f"“{sha256}” is no SHA-256 in 64 small hex digits.")
    return format_html(
        '<svg viewBox="0 0 96 96" role="img" aria-label="{label}">'
        '<path d="{ticks}" stroke="{colour}" stroke-width="1.7" fill="none"/>'
        '<circle cx="48" cy="48" r="29.3" fill="none" stroke="{colour}" stroke-width="1.3"/>'
        '<circle cx="48" cy="48" r="25.9" fill="none" stroke="{colour}" stroke-width="1.3"/>'
        '<text x="48" y="53.1" text-anchor="middle" font-family="Archivo, sans-serif" font-weight="600"'
        ' font-size="{size}" fill="{colour}">{words}</text></svg>',
        label=_("Seal of edition %(number)s: begins %(digits)s") % {"number": edition, "digits": sha256[:8]},
        ticks=ticks(sha256),
        colour=colour,
        size="14.9" if edition < 100 else "12",
        words=_("Ed. %(number)s") % {"number": edition},
    )


def ticks(sha256: str) -> str:
    """The path of the ticks, clockwise from the top; `0` is the shortest, `f` the longest."""
    path = []
    for place, digit in enumerate(sha256):
        angle = 2 * pi * place / len(sha256)
        ends = (TICKS_FROM, TICKS_FROM + SHORTEST + PER_DIGIT * int(digit, 16))
        (x1, y1), (x2, y2) = ((CENTRE + r * sin(angle), CENTRE - r * cos(angle)) for r in ends)
        path.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
    return "".join(path)


@register.filter
def in_eights(sha256: str) -> str:
    """The digits in groups of eight, as a person compares them."""
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))


@register.simple_tag
def seal(sha256: str, edition: int, corrigendum: int | None = None) -> SafeString:
    """The ring of an edition and the digits beside it."""
    names = {"number": edition, "corrigendum": corrigendum}
    whose = (
        _("Seal of edition %(number)s, corrigendum %(corrigendum)s") if corrigendum else _("Seal of edition %(number)s")
    )
    return format_html(
        '<div class="seal">{}<div><p><b>{}</b></p><p class="hash">{}</p></div></div>',
        seal_ring(sha256, edition),
        whose % names,
        in_eights(sha256),
    )


@register.filter
def differs(before: str, after: str) -> SafeString:
    """{{ before|differs:after }}: the newer wording, with what went struck and what came underlined."""
    return differences(before, after)


@register.filter
def own_words(message: str) -> str:
    """What a page of ours said about its 404; nothing where Django filled in words of its own."""
    return "" if DJANGO_404.fullmatch(message) else message
