"""All findings of a group's working text, with whose each is, and which may stand as they are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from documents.models import Care, MandateDocument, TopicDocument
from documents.reading.gaps.finding import KINDS, Finding
from documents.reading.gaps.in_text import in_text
from documents.reading.gaps.of_mandates import of_mandates
from documents.reading.gaps.of_meetings import of_meetings
from documents.reading.gaps.of_symbols import contradicted, of_symbols
from documents.reading.gaps.of_translations import of_translations
from documents.reading.texts import Reading, address_of, working_text
from documents.reading.ties import Ties
from mandates.models import Assignment, Mandate, Membership, WorkingGroup
from mandates.permissions import EDITORS
from meetings.models import Meeting, Topic, TopicMandate
from mispa.ground.models import ChangeSet, Tracked, User

_NOT_DONE: Final = {"progress__in": [Mandate.Progress.OPEN, Mandate.Progress.UNDER_WAY]}
# A finding says that something is not there, and is the same again when that came and went. So its fingerprint counts
# the last change of what it hangs on: rows of a model that point to it, or those of its own in which it did not hold.
_HANGS_ON: Final[Mapping[str, list[tuple[type[Tracked], str, dict[str, Any]]]]] = {
    "no-area": [(Assignment, "row_id", {}), (Assignment, "mandate_id", {}), (Assignment, "mandate__row_id", {})],
    "no-meeting": [(TopicMandate, "mandate_id", {})],
    "no-paper": [(MandateDocument, "mandate_id", {})],
    "done-without-paper": [
        (MandateDocument, "mandate_id", {}),
        (Mandate, "id", {"progress__in": ["open", "under way"]}),
    ],
    "deadline-before-meetings": [(TopicMandate, "mandate_id", {})],
    "meeting-without-topics": [(Topic, "meeting_id", {})],
    "meeting-without-room": [(Meeting, "id", {"room__isnull": False})],
    "place-unknown": [(Meeting, "id", {"city__isnull": False})],
    "topic-without-paper": [(TopicDocument, "topic_id", {})],
    "paper-not-considered": [(TopicDocument, "document_id", {})],
}
_NOBODY: Final = UUID(int=0)  # asked for as well, so that a page asks as often for none as for one


@dataclass(frozen=True)
class Entry:
    """A finding in the report: whose it is, and why it may stand. `care` is what was last decided about it."""

    finding: Finding
    fingerprint: str
    care: Care | None
    decided: ChangeSet | None  # by whom and when that was

    @property
    def owner(self) -> User | None:
        return self.care.owner if self.care else None

    @property
    def is_accepted(self) -> bool:
        return self.care is not None and self.care.holds(self.fingerprint)

    @property
    def is_asked_again(self) -> bool:
        """It was accepted, and what was accepted has changed since."""
        return self.care is not None and bool(self.care.because) and not self.is_accepted

    @property
    def because(self) -> str:
        return self.care.because if self.care else ""


def report_of(group: WorkingGroup, draft: Reading | None = None, now: datetime | None = None) -> list[Entry]:
    """In the order of kinds. The same for whoever asks, in a number of queries that does not depend on their number."""
    found = findings_of(group, draft or working_text(group.plan), now or timezone.now())
    touched = _touched(found)
    prints = {one.key: one.fingerprint(touched[one.key]) for one in found}
    cares = {care.key: care for care in Care.objects.standing().filter(group=group).select_related("owner")}
    decided = _decided(Care.objects.standing().filter(group=group))
    order = list(KINDS)
    return [
        Entry(one, prints[one.key], care := cares.get(one.key), decided.get(care.pk) if care else None)
        for one in sorted(found, key=lambda one: order.index(one.kind))
    ]


def open_in(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.is_accepted]


def findings_of(group: WorkingGroup, draft: Reading, now: datetime) -> list[Finding]:
    """Each once: a symbol that the text prints and that belongs to a paper of the group is one finding."""
    found: dict[str, Finding] = {}
    for one in _all(group, draft, now):
        found.setdefault(one.key, one)
    return list(found.values())


def _all(group: WorkingGroup, draft: Reading, now: datetime) -> Iterator[Finding]:
    page, ties = address_of(group, draft), Ties(group)
    yield from in_text(draft.text, page)
    yield from of_mandates(draft.text, page, ties, now.astimezone(group.zone).date())
    yield from of_meetings(ties, now)
    yield from of_symbols(ties)
    yield from contradicted(group, Meeting.objects.standing())
    yield from of_translations(group)


def _touched(found: Iterable[Finding]) -> dict[str, list[int]]:
    """By key: the last rows of history of what each finding hangs on."""
    about: dict[str, list[str]] = defaultdict(list)
    for one in found:
        about[one.kind].append(one.about)
    latest: dict[str, list[int]] = defaultdict(list)
    for kind, hangs_on in _HANGS_ON.items():
        for model, column, others in hangs_on:
            history = model.history.model.objects.filter(**{f"{column}__in": [_NOBODY, *about[kind]]}, **others)
            grouped = history.order_by().values(column).annotate(latest=Max("history_id"))
            for row in grouped.order_by(column):
                latest[f"{kind}:{row[column]}"].append(row["latest"])
    return latest


def _decided(cares: QuerySet[Any]) -> dict[Any, ChangeSet]:
    """By the id of a care: the change-set in which it was last decided."""
    rows = Care.history.model.objects.filter(id__in=cares.values("id"))
    latest = rows.values("id").annotate(latest=Max("history_id")).order_by().values("latest")
    return {row.id: row.change_set for row in rows.filter(history_id__in=latest).select_related("change_set__by")}


def people_of(group: WorkingGroup) -> list[User]:
    """To whom a finding can be given: who edits the group's text today, by name."""
    editors = Membership.objects.in_force_now().filter(group=group, role__in=EDITORS)
    people = User.objects.filter(id__in=editors.values("user_id"), is_active=True)
    return sorted(people, key=lambda person: (str(person).casefold(), person.pk))


# As a table --------------------------------------------------------------

COLUMNS: Final = ("key", "kind", "finding", "more", "owner", "state", "because", "look", "mend")
STATES: Final = {"": gettext_lazy("Open"), "accepted": gettext_lazy("Accepted as it is")}


def as_rows(entries: Sequence[Entry], url: Callable[[str], str]) -> list[dict[str, Any]]:
    """The report as a table; `url` makes an address whole."""
    return [
        {
            "key": entry.finding.key,
            "kind": str(KINDS[entry.finding.kind]),
            "finding": entry.finding.says,
            "more": entry.finding.more,
            "owner": str(entry.owner) if entry.owner else "",
            "state": str(STATES["accepted"] if entry.is_accepted else STATES[""]),
            "because": entry.because if entry.is_accepted else "",
            "look": url(entry.finding.url),
            "mend": url(entry.finding.mend) if entry.finding.mend else "",
        }
        for entry in entries
    ]
