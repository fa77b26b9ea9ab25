"""Symbols that have not been given yet, or that a person has to look at; and days that the record contradicts."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.reading.gaps.finding import Finding
from documents.reading.gaps.in_text import why_doubtful
from documents.reading.ties import Ties
from mandates.models import PlanRow, WorkingGroup
from meetings.models import Meeting
from mispa.ground import dates


def of_symbols(ties: Ties) -> Iterator[Finding]:
    """Of the resolutions in the plan and the papers that belong to the group."""
    rows = PlanRow.objects.standing().filter(plan__group=ties.group, resolution__symbol__canonical__isnull=True)
    for row in rows.select_related("resolution__symbol").order_by("position", "id"):
        resolution = row.resolution
        mend = reverse("mandates:resolution-edit", args=[resolution.symbol.slug or resolution.pk])
        yield _of(resolution.symbol, str(resolution.pk), resolution.title, resolution.get_absolute_url(), mend)
    for document in ties.documents.values():
        for revision in document.revisions.all():
            if revision.symbol.canonical is None and document.group_id == ties.group.pk:
                is_plan = document.plan_id is not None
                page = reverse("documents:draft-detail", args=[ties.group.slug]) if is_plan else ""
                edit = reverse("documents:revision-edit", args=[revision.pk])
                mend = reverse("documents:edition-create", args=[ties.group.slug]) if is_plan else edit
                about = document if is_plan else revision  # each edition has a symbol that is pending
                address = page or revision.get_absolute_url()
                yield _of(revision.symbol, str(about.pk), revision.shown_title, address, mend)


def _of(symbol: Any, about: str, title: Any, page: str, mend: str) -> Finding:
    facts = (symbol.printed,)
    if symbol.review:
        says = _("“%(printed)s” cannot be read as a symbol.") % {"printed": symbol.printed}
        return Finding("symbol-to-check", about, says, why_doubtful(symbol.printed), page, mend, facts)
    says = _("“%(title)s” has no symbol yet.") % {"title": title}
    return Finding("symbol-pending", about, says, "", page, mend, facts)


def contradicted(group: WorkingGroup, seen: Any) -> Iterator[Finding]:
    """Meetings of the process, among those `seen`, whose printed days are not those of the record."""
    process = reverse("documents:process", args=[group.slug])
    meetings: Iterable[Meeting] = seen.of_process(group).filter(checked_starts_on__isnull=False)
    for meeting in meetings.order_by("starts_on", "id"):  # type: ignore[attr-defined]
        says = _("%(name)s: %(fact)s") % {"name": meeting, "fact": contradiction(meeting)}
        days = (meeting.starts_on, meeting.ends_on, meeting.checked_starts_on, meeting.checked_ends_on)
        page = f"{process}#meeting-{meeting.pk}"
        yield Finding("days-contradicted", str(meeting.pk), says, str(meeting.checked_source), page, facts=days)


def contradiction(meeting: Meeting) -> str:
    """The printed days of a meeting beside those of the record."""
    return _("The plan prints %(printed)s; the record says %(checked)s.") % {
        "printed": _days(meeting.starts_on, meeting.ends_on),
        "checked": _days(meeting.checked_starts_on, meeting.checked_ends_on),
    }


def _days(first: Any, last: Any) -> str:
    return dates.days(first, last) if first and last else ""
