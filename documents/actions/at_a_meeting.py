"""What meetings do with an edition: they consider it, adopt it, and confirm what was adopted ad referendum."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from documents.actions.issuing import open_to_all
from documents.models import (
    Adoption,
    Confirmation,
    Consideration,
    Edition,
    PreparedAdoption,
)
from documents.printing.rendering import keep_files
from mandates.permissions import can_issue, is_chair, is_editor, role_in
from meetings.models import Meeting, Topic
from mispa.ground import dates
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, User

_CORRIGENDUM = gettext_lazy("A corrigendum is considered and adopted by no meeting.")


def _written(edition: Edition, message: Any, on: date | None = None) -> str:
    """What history keeps, in the original language of the plan: the page of the officer may be in any."""
    with override(edition.text["plan"]["original_language"]):
        return str(message) % {"edition": edition, "day": dates.day(on) if on else ""}


class NewerEdition(Exception):
    """An edition later than the one on the officer's screen has been issued: `edition`."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition)
        self.edition = edition

    def __str__(self) -> str:
        names = {"number": self.edition.number}
        return _("Edition %(number)s has been issued meanwhile. Read it before anything is adopted.") % names


class AlreadyAdopted(Exception):
    """This edition has been adopted before: `adoption` says at which meeting, and by whom it was recorded."""

    def __init__(self, adoption: Adoption) -> None:
        super().__init__(adoption)
        self.adoption = adoption

    def __str__(self) -> str:
        names = {"day": dates.day(self.adoption.on), "name": self.adoption.presiding_name}
        return (
            _("The adoption at the meeting of %(day)s is recorded already, by %(name)s. Nothing was changed.") % names
        )


def consider_plan(
    *, edition: Edition, meeting: Meeting, topic: Topic | None, on: date, note: str, by: User, source: str = "page"
) -> Consideration:
    """Record that a meeting considered an edition; secretariat or chair. Raises ValidationError."""
    if not is_editor(by, edition.plan.group):
        raise PermissionDenied
    reason = _written(edition, gettext_lazy("Considered at the meeting of %(day)s: %(edition)s"), on)
    with changes(by=by, reason=reason, source=source) as one:
        _must_fit(edition, meeting, topic, on)
        if Adoption.objects.filter(edition__plan=edition.plan_id, edition__number__gte=edition.number).exists():
            raise ValidationError(_("The Group has adopted this text or a later one; it is considered no more."))
        row = Consideration(edition=edition, meeting=meeting, topic=topic, on=on, note=note, change_set=one)
        row.full_clean()
        row.save(force_insert=True)
    return row


class PreparedMeanwhile(Exception):
    """A colleague has prepared the adoption after the page was opened: `prepared` is what she filled in."""

    def __init__(self, prepared: PreparedAdoption) -> None:
        super().__init__(prepared)
        self.prepared = prepared

    def __str__(self) -> str:
        names = {"meeting": self.prepared.meeting, "day": dates.day(self.prepared.on)}
        return (
            _(
                "Somebody has prepared this adoption meanwhile: %(meeting)s, %(day)s. "
                "What you typed is below; if you save it again, it takes the place of that."
            )
            % names
        )


@transaction.atomic
def adopt_plan(
    *,
    edition: Edition,
    seen: str,
    meeting: Meeting,
    topic: Topic | None,
    on: date,
    how: str,
    note: str,
    by: User,
    source: str = "page",
) -> Adoption:
    """Record that the Group adopted an edition; by the chair, or a vice chair acting.

    `seen` is the seal of the text on the officer's screen: the edition's, or that of its latest corrigendum. What is
    adopted by consensus is open to everybody from then on, and gets papers that say so. Raises PermissionDenied,
    AlreadyAdopted, NewerEdition or ValidationError.
    """
    group = edition.plan.group
    if not is_chair(by, group):
        raise PermissionDenied
    reason = _written(edition, gettext_lazy("Adopted at the meeting of %(day)s: %(edition)s"), on)
    with changes(by=by, reason=reason, source=source) as one:
        if edition.corrigendum:
            raise ValidationError(_CORRIGENDUM)
        # Under the lock of the change-set: of two officers one adopts, the other is told.
        if adoption := Adoption.objects.filter(edition=edition).first():
            raise AlreadyAdopted(adoption)
        latest = edition.plan.editions.filter(corrigendum=0).latest("number")
        if latest.pk != edition.pk:
            raise NewerEdition(latest)
        if edition.plan.editions.filter(number=edition.number).latest("corrigendum").sha256 != seen:
            raise ValidationError(_("The text on your screen is not this edition as it stands now. Open it again."))
        _must_fit(edition, meeting, topic, on)
        _must_come_after(edition, on)
        adoption = Adoption(
            edition=edition,
            meeting=meeting,
            topic=topic,
            on=on,
            how=how,
            note=note,
            presiding_name=by.get_full_name() or by.get_username(),
            presiding_role=str(role_in(by, group)),
            change_set=one,
        )
        adoption.full_clean()
        adoption.save(force_insert=True)
        _stands_anew(edition, one, opens=how == Adoption.How.CONSENSUS)
    return adoption


def _stands_anew(edition: Edition, change_set: ChangeSet, *, opens: bool) -> None:
    """An edition and its corrigenda get papers that say how they stand now; in force they are open to all."""
    same = Edition.objects.filter(plan=edition.plan_id, number=edition.number).order_by("corrigendum")
    for one in same.select_related("plan__group", "change_set", "revision__document"):
        if opens:
            open_to_all(one, _written(one, gettext_lazy("given by adopting it")), change_set)
        keep_files(one)


@transaction.atomic
def confirm_adoption(
    *, adoption: Adoption, meeting: Meeting | None, on: date, note: str, by: User, source: str = "page"
) -> Confirmation:
    """Record that what was adopted ad referendum is confirmed: from that day on it is in force. Chair or vice chair."""
    edition = adoption.edition
    if not is_chair(by, edition.plan.group):
        raise PermissionDenied
    reason = _written(edition, gettext_lazy("Adoption confirmed on %(day)s: %(edition)s"), on)
    with changes(by=by, reason=reason, source=source) as one:
        if adoption.how != Adoption.How.AD_REFERENDUM:
            raise ValidationError(_("It was adopted by consensus and needs no confirmation."))
        if Confirmation.objects.filter(adoption=adoption).exists():
            raise ValidationError(_("It is confirmed already. Nothing was changed."))
        if on < adoption.on:
            raise ValidationError({"on": _("That is before the adoption.")})
        if on > timezone.localdate(timezone=edition.plan.group.zone):
            raise ValidationError({"on": _("That day is still to come.")})
        if meeting:
            _must_fit(edition, meeting, None, on)
        _must_come_after(edition, on)
        row = Confirmation(adoption=adoption, meeting=meeting, on=on, note=note, change_set=one)
        row.full_clean()
        row.save(force_insert=True)
        _stands_anew(edition, one, opens=True)
    return row


def prepare_adoption(
    *,
    edition: Edition,
    meeting: Meeting,
    topic: Topic | None,
    on: date,
    how: str,
    note: str,
    by: User,
    opened_from: int,
) -> PreparedAdoption:
    """Fill in for the officer what she will record; it adopts nothing. Secretariat.

    `opened_from` is the latest change-set when the page was opened. Raises PreparedMeanwhile, AlreadyAdopted or
    ValidationError.
    """
    if not can_issue(by, edition.plan.group):
        raise PermissionDenied
    with changes(by=by, reason=_written(edition, gettext_lazy("Adoption prepared: %(edition)s"), on)):
        if adoption := Adoption.objects.filter(edition=edition).first():
            raise AlreadyAdopted(adoption)
        _must_fit(edition, meeting, topic, on, may_come=True)
        row = PreparedAdoption.objects.filter(edition=edition).first() or PreparedAdoption(edition=edition)
        if row.history.filter(change_set_id__gt=opened_from).exists():
            raise PreparedMeanwhile(row)
        row.meeting, row.topic, row.on, row.how, row.note = meeting, topic, on, how, note
        row.full_clean()
        row.save()
    return row


def _must_come_after(edition: Edition, on: date) -> None:
    """Editions come into force in the order of their numbers, each not before the one that it follows."""
    others = Edition.objects.filter(plan=edition.plan_id, corrigendum=0).exclude(pk=edition.pk)
    for other in others.adopted_by(date.max):
        number, since = other.number, getattr(other, "in_force_since")  # noqa: B009 (the queryset's own)
        names = {"number": number, "day": dates.day(since)}
        if number > edition.number:
            raise ValidationError(_("Edition %(number)s is in force since %(day)s; this text comes too late.") % names)
        if since > on:
            raise ValidationError({"on": _("Edition %(number)s came into force on %(day)s, after that day.") % names})


def _must_fit(edition: Edition, meeting: Meeting, topic: Topic | None, on: date, may_come: bool = False) -> None:
    """A meeting of this Group that is convened or held, on one of its days, and a topic of its own."""
    if edition.corrigendum:
        raise ValidationError(_CORRIGENDUM)
    if meeting.group_id != edition.plan.group_id or meeting.kind != Meeting.Kind.SESSION or meeting.is_withdrawn:
        raise ValidationError({"meeting": _("Choose a meeting of the Group.")})
    if meeting.status not in {Meeting.Status.CONVENED, Meeting.Status.HELD}:
        raise ValidationError({"meeting": _("This meeting is neither convened nor held.")})
    if topic and (topic.meeting_id != meeting.pk or topic.is_withdrawn):
        raise ValidationError({"topic": _("This topic is not on the agenda of that meeting.")})
    if meeting.starts_on is None:
        raise ValidationError({"meeting": _("The day of this meeting is not set. Set it in the calendar first.")})
    if not meeting.starts_on <= on <= (meeting.ends_on or meeting.starts_on):
        raise ValidationError({"on": _("The meeting is not on that day.")})
    if not may_come and on > timezone.localdate(timezone=edition.plan.group.zone):
        raise ValidationError({"on": _("That day is still to come.")})
