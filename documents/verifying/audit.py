"""Recomputes all that is sealed, and names what is not as it was: seals, chain, numbers, corrections, acts, files.

It reads one edition and one file at a time, so that a long history needs no more memory than a short one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documents.editions import corrections, snapshot
from documents.editions.seals import chain_of, seal_of
from documents.models import Adoption, AtAMeeting, Edition, EditionFile, Release
from documents.printing.pdf import claimed_seal
from mandates.models import WorkPlan
from meetings.models import Meeting


@dataclass(frozen=True)
class Difference:
    """What of an edition is not as it should be: what was expected, and what was found."""

    edition: Edition
    what: str
    expected: object
    found: object

    def __str__(self) -> str:
        slug = self.edition.plan.group.slug
        return f"{slug}, {_name(self.edition)}: {self.what}: expected {self.expected}, found {self.found}"


def _name(edition: Edition | None) -> str:
    """In English, as all that commands say."""
    if edition is None:
        return "none"
    corrigendum = f", corrigendum {edition.corrigendum}" if edition.corrigendum else ""
    return f"edition {edition.number}{corrigendum}"


@dataclass
class Audit:
    """Counts what it has looked at; `of(plan)` gives the differences one by one."""

    editions: int = 0
    files: int = 0

    def of(self, plan: WorkPlan) -> Iterator[Difference]:
        """In the order in which the editions were sealed."""
        before: Edition | None = None
        numbers: dict[int, int] = {}  # of each edition, its latest corrigendum
        for pk in Edition.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True):
            edition = Edition.objects.select_related("plan__group", "previous", "change_set").get(pk=pk)
            self.editions += 1
            for what, expected, found in _in_place(edition, before, numbers):
                if expected != found:
                    yield Difference(edition, what, expected, found)
            yield from _corrections(edition)
            yield from _acts(edition)
            yield from self._files(edition)
            numbers[edition.number] = edition.corrigendum
            before = edition

    def _files(self, edition: Edition) -> Iterator[Difference]:
        may_stand = _standings(edition)
        for file in edition.files.order_by("pk").iterator(chunk_size=1):
            self.files += 1
            what = f"{file.name} in {file.language} ({file.standing})"
            content = bytes(file.content)
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 != file.sha256:
                yield Difference(edition, what, file.sha256, sha256)
            # The first papers of mispa did not name their seal.
            claimed = claimed_seal(content) if file.name.endswith(".pdf") else ""
            if claimed not in {"", edition.sha256}:
                yield Difference(edition, f"seal in {what}", edition.sha256, claimed)
            if file.standing not in may_stand:
                yield Difference(edition, what, " or ".join(sorted(may_stand)), file.standing)


def _in_place(
    edition: Edition, before: Edition | None, numbers: dict[int, int]
) -> Iterator[tuple[str, object, object]]:
    """What is expected of a seal and of its place among the others, and what was found."""
    yield "schema", min(edition.schema, snapshot.SCHEMA), edition.schema
    yield "seal", edition.sha256, _seal(edition.text)
    yield "plan in the text", str(edition.plan_id), _plan_in(edition.text)
    yield "edition before it", _name(before), _name(edition.previous)
    yield "chain", chain_of(before.chain if before else "", edition.sha256), edition.chain
    if edition.corrigendum:
        yield "edition that it corrects", edition.number, edition.number if edition.number in numbers else "none"
        yield "corrigendum", numbers.get(edition.number, 0) + 1, edition.corrigendum
    else:
        yield "number", max(numbers, default=0) + 1, edition.number


def _plan_in(text: Any) -> Any:
    try:
        return text["plan"]["id"]
    except (LookupError, TypeError):
        return "none"


def _seal(text: Any) -> str:
    try:
        return seal_of(text)
    except ValueError as error:
        return f"no canonical form ({error})"


# ---- corrigenda


def _corrections(edition: Edition) -> Iterator[Difference]:
    """The corrections that a corrigendum lists lead from the text before it to its own, and nothing else differs."""
    if not edition.corrigendum:
        if edition.corrections:
            yield Difference(edition, "corrections", "none", len(edition.corrections))
        return
    numbered = Edition.objects.filter(plan=edition.plan, number=edition.number)
    before = numbered.filter(corrigendum__lt=edition.corrigendum).order_by("corrigendum").last()
    if before is None or not isinstance(before.text, dict) or not isinstance(edition.text, dict):
        return  # said already
    found = corrections.differences(before.text, edition.text)
    listed = [one.to_json() for one in found.wordings]
    if _in_order(listed) != _in_order(edition.corrections):
        yield Difference(edition, "corrections", _in_order(edition.corrections), _in_order(listed))
    elif _otherwise(before.text, edition.text, found.wordings):
        yield Difference(edition, "text", "that before it with its corrections", "other changes beside them")


def _in_order(listed: Any) -> list[str]:
    return sorted(f"{one['paths']} {one['language']} {one['before']!r} → {one['after']!r}" for one in listed)


def _otherwise(before: dict[str, Any], after: dict[str, Any], mended: list[corrections.Correction]) -> bool:
    """Whether more than wordings changed; the symbol of the paper is its own, as each corrigendum has one."""
    text = corrections.corrected(before, after, mended)
    return text | {"plan": text["plan"] | {"symbol": None}} != after | {"plan": after["plan"] | {"symbol": None}}


# ---- what was done with it


def _standings(edition: Edition) -> set[str]:
    """How the files of an edition may say that it stands: as it did on any day."""
    adoption = Adoption.objects.filter(edition__plan=edition.plan, edition__number=edition.number).first()
    standings = {EditionFile.Standing.DRAFT.value}
    if adoption is None:
        return standings
    if adoption.how == Adoption.How.CONSENSUS:
        return standings | {EditionFile.Standing.ADOPTED.value}
    confirmed = {EditionFile.Standing.ADOPTED.value} if hasattr(adoption, "confirmation") else set()
    return standings | {EditionFile.Standing.AD_REFERENDUM.value} | confirmed


def _acts(edition: Edition) -> Iterator[Difference]:
    rows: list[tuple[str, Any]] = [
        ("release", one) for one in edition.releases.select_related("change_set").order_by("pk")
    ]
    at_meetings = ("meeting", "topic", "change_set")
    for one in edition.considerations.select_related(*at_meetings).order_by("pk"):
        rows.append(("consideration", one))
    adoption = Adoption.objects.filter(edition=edition).select_related(*at_meetings, "confirmation").first()
    if adoption:
        rows.append(("adoption", adoption))
    for name, row in rows:
        if row.change_set.at < edition.change_set.at:
            yield Difference(edition, f"{name}: instant", f"after {edition.change_set.at}", row.change_set.at)
        if isinstance(row, AtAMeeting):
            yield from _at_its_meeting(edition, name, row)
    if adoption:
        yield from _in_force(edition, adoption)


def _at_its_meeting(edition: Edition, name: str, row: AtAMeeting) -> Iterator[Difference]:
    if edition.corrigendum:
        yield Difference(edition, name, "none of a corrigendum", f"one on {row.on}")
    if row.meeting.group_id != edition.plan.group_id or row.meeting.kind != Meeting.Kind.SESSION:
        yield Difference(edition, f"{name}: meeting", "one of the group", row.meeting.pk)
    if row.topic and row.topic.meeting_id != row.meeting_id:
        yield Difference(edition, f"{name}: topic", "one of that meeting", row.topic.pk)


def _in_force(edition: Edition, adoption: Adoption) -> Iterator[Difference]:
    confirmation = getattr(adoption, "confirmation", None)
    if confirmation:
        if adoption.how != Adoption.How.AD_REFERENDUM:
            yield Difference(edition, "confirmation", "none after consensus", f"one on {confirmation.on}")
        if confirmation.on < adoption.on:
            yield Difference(edition, "confirmation: day", f"{adoption.on} or later", confirmation.on)
        if confirmation.meeting and confirmation.meeting.group_id != edition.plan.group_id:
            yield Difference(edition, "confirmation: meeting", "one of the group", confirmation.meeting.pk)
    is_settled = adoption.how == Adoption.How.CONSENSUS or confirmation
    if is_settled and not edition.releases.filter(audience=Release.Audience.PUBLIC).exists():
        yield Difference(edition, "release", "to everybody, since it is adopted", "none")
