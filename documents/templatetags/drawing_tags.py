"""Drawings in templates: places as SVG wants them, and the signs of meetings and papers."""

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from documents.reading.axis import Placed
from documents.reading.grid import Cell
from documents.reading.months import MonthOfYear, Sign
from documents.reading.ties import name_of
from meetings.models import Meeting
from mispa.ground import dates
from mispa.ground.templatetags.looks import ICONS, STATES, icon

register = template.Library()

_PAPER = mark_safe('<path class="paper" d="M1 1h8l4 4v10H1z"/>')


@register.filter
def place(value: float) -> str:
    """A place on a drawing: one decimal and a point, in every language."""
    return f"{value:.1f}"


@register.filter
def beside(value: float, by: float) -> float:
    return value + by


@register.filter
def month_short(value: date) -> str:
    return dates.month_short(value)


@register.filter
def weekday_short(value: date) -> str:
    return dates.weekday_short(value)


@register.filter
def named(meeting: Meeting) -> str:
    """A meeting with its day, or with the words for it."""
    return name_of(meeting)


@register.simple_tag
def cell_sign(cell: Cell) -> SafeString:
    """The shape of a meeting, and beside it a sheet with the number of papers on the table."""
    drawing, kind, _word = STATES[cell.status]
    shape = mark_safe(ICONS[drawing])  # noqa: S308 (from our own table)
    papers = format_html(
        '<g transform="translate({} {})">{}<text x="18" y="13" font-size="13.5">{}</text></g>',
        place(cell.x + 2),
        place(cell.y - 8),
        _PAPER,
        cell.papers,
    )
    left = cell.x - (26 if cell.papers else 10)
    sign = format_html(
        '<g class="sign state-{}" transform="translate({} {})">{}</g>', kind, place(left), place(cell.y - 10), shape
    )
    return format_html("{}{}", sign, papers if cell.papers else "")


@register.simple_tag
def paper_sign() -> SafeString:
    return format_html('<svg class="fig in-line" viewBox="0 0 14 16" aria-hidden="true">{}</svg>', _PAPER)


@register.simple_tag
def mark_sign(placed: Placed) -> SafeString:
    """A meeting's shape, a dot, or a bar; the ends of the bar are soft where it can be any day in it."""
    mark = placed.mark
    if placed.is_span:
        fill = mark_safe('fill="url(#soft)"') if mark.is_soft else mark_safe('class="bar"')
        return format_html(
            '<rect {} x="{}" y="{}" width="{}" height="10"/>',
            fill,
            place(placed.x),
            place(placed.y - 5),
            place(placed.width),
        )
    if isinstance(mark.thing, Meeting):
        drawing, state, _word = STATES[mark.thing.status]
        shape = mark_safe(ICONS[drawing])  # noqa: S308 (from our own table)
        where = f"translate({place(placed.x - 8)} {place(placed.y - 8)}) scale(.8)"
        return format_html('<g class="sign state-{}" transform="{}">{}</g>', state, where, shape)
    return format_html('<circle class="dot" cx="{}" cy="{}" r="5"/>', place(placed.x), place(placed.y))


@register.simple_tag
def icon_of(status: str) -> SafeString:
    """The shape of a meeting in a state, without its word."""
    return icon(STATES[status][0])


SIGN, LANE = 12, 16  # in pixels: a sign of the year, and the height of its lane


@register.simple_tag
def year_signs(month: MonthOfYear, lanes: int) -> SafeString:
    """The meetings of a month at true scale; its link says in words how many there are."""
    signs = format_html_join("", "{}", ((_sign_of_year(sign),) for sign in month.signs))
    today = format_html('<path class="now" d="M0 0V{}"/>', lanes * LANE)
    now = format_html('<svg x="{}%" overflow="visible">{}</svg>', place(month.today), today) if month.today else ""
    more = format_html('<text x="100%" y="11" text-anchor="end">+{}</text>', month.more) if month.more else ""
    return format_html(
        '<svg class="signs" width="100%" height="{}" aria-hidden="true">{}{}{}</svg>', lanes * LANE, now, signs, more
    )


def _sign_of_year(sign: Sign) -> SafeString:
    drawing, kind, _word = STATES[sign.entry.status]
    middle = (sign.lane + 0.5) * LANE
    span: SafeString | str = ""
    if sign.is_span:
        ends = (place(sign.x), place(sign.end), place(middle), place(middle))
        soft = mark_safe(' stroke-dasharray="3 3"') if sign.entry.is_soft else ""
        span = format_html('<line class="span"{} x1="{}%" x2="{}%" y1="{}" y2="{}"/>', soft, *ends)
    if sign.entry.is_soft:
        return format_html('<g class="state-tbc">{}</g>', span)
    shape = mark_safe(ICONS[drawing])  # noqa: S308 (from our own table)
    return format_html(
        '<g class="state-{}">{}<g transform="translate(-{})"><svg x="{}%" y="{}" width="{}" height="{}"'
        ' viewBox="0 0 20 20" overflow="visible">{}</svg></g></g>',
        kind,
        span,
        SIGN // 2,
        place(sign.x),
        place(middle - SIGN / 2),
        SIGN,
        SIGN,
        shape,
    )
