"""Forms for what is done to editions: issuing, releasing, correcting, recording what meetings did, checking seals."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Adoption, Edition, PreparedAdoption, Release
from documents.verifying.claims import read_seal
from mandates.permissions import is_chair
from meetings.models import Meeting, Topic
from mispa.ground import dates
from mispa.ground.fields import DayField
from mispa.ground.forms import TypedForm
from mispa.ground.models import User


class IssueForm(TypedForm, forms.Form):
    symbol = forms.CharField(
        label=_("Symbol"),
        required=False,
        max_length=200,
        help_text=_("The symbol of the paper itself, if it has been given. Leave it empty while it is pending."),
    )
    reason = forms.CharField(
        label=_("Reason"), min_length=3, widget=forms.TextInput, help_text=_("Printed in the history of the plan.")
    )
    seen = forms.RegexField(regex=r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)


class ReleaseForm(TypedForm, forms.Form):
    audience = forms.ChoiceField(label=_("Open it to"), choices=Release.Audience, widget=forms.RadioSelect)
    consent = forms.CharField(
        label=_("Consent of the chair"),
        required=False,
        help_text=_("How and when the chair consented, such as “by e-mail of September 3, 2013”."),
    )
    reason = forms.CharField(label=_("Reason"), min_length=3, help_text=_("Printed in the history of the plan."))

    def __init__(self, *args: Any, edition: Edition, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = {release.audience for release in edition.releases.all()}
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            choice for choice in Release.Audience.choices if choice[0] not in opened
        ]
        if is_chair(user, edition.plan.group):
            del self.fields["consent"]
        else:
            self.fields["consent"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {"consent": ""} | cleaned


class CorrigendumForm(TypedForm, forms.Form):
    """`choices` are the keys of the wordings that differ; the page prints the boxes beside them itself."""

    chosen = forms.MultipleChoiceField(
        label=_("Wordings to correct"), error_messages={"required": _("Choose the wordings that are to be corrected.")}
    )
    consent = forms.CharField(
        label=_("Consent of the chair"),
        help_text=_("How and when the chair consented, such as “by e-mail of September 3, 2013”."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        min_length=3,
        help_text=_(
            "What was wrong, such as “misprint in the Spanish translation”. Printed in the history of the plan."
        ),
    )
    seen = forms.RegexField(regex=r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, choices: Sequence[str], **kwargs: Any) -> None:
        self.keys: set[str] = set(data.getlist("chosen")) if hasattr(data, "getlist") else set()
        super().__init__(data, *args, **kwargs)
        field: Any = self.fields["chosen"]
        field.choices = [(key, key) for key in choices]
        field.error_messages["invalid_choice"] = _("One of the wordings has changed since. Choose again.")


class _AtAMeeting(TypedForm, forms.Form):
    """At which meeting of the Group, under which topic, on which day: filled in for the meeting of today or before."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting"), empty_label=None)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("no topic named")
    )
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def __init__(self, data: Any = None, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        group = edition.plan.group
        self.today = timezone.localdate(timezone=group.zone)
        statuses = [Meeting.Status.CONVENED, Meeting.Status.HELD]
        meetings = Meeting.objects.standing().filter(group=group, kind=Meeting.Kind.SESSION, status__in=statuses)
        sessions = list(meetings.in_order())
        topics = list(Topic.objects.standing().filter(meeting__in=sessions).order_by("position", "id"))
        self._offer(meetings, sessions, topics)
        if not self.is_bound:
            self.initial = {**self._presumed(sessions, topics), **self.initial}

    def _offer(self, meetings: Any, sessions: list[Meeting], topics: list[Topic]) -> None:
        meeting: Any = self.fields["meeting"]
        meeting.queryset = meetings
        meeting.choices = [(one.pk, _named(one)) for one in sessions]
        if (topic := self.fields.get("topic")) is None:
            return
        chosen: Any = topic
        chosen.queryset = Topic.objects.standing().filter(meeting__in=meetings)
        place = {one.pk: number for number, one in enumerate(sessions)}
        by_meeting = groupby(sorted(topics, key=lambda one: place[one.meeting_id]), key=lambda one: one.meeting_id)
        groups = [(_named(sessions[place[pk]]), [(one.pk, str(one)) for one in inner]) for pk, inner in by_meeting]
        chosen.choices = [("", chosen.empty_label), *groups]

    def _presumed(self, sessions: list[Meeting], topics: list[Topic]) -> dict[str, Any]:
        """The meeting of today, else the last before it; its topic of adoption; its day."""
        begun = [one for one in sessions if one.starts_on and one.starts_on <= self.today]
        if not begun:
            return {}
        last = begun[-1]
        own = [one for one in topics if one.meeting_id == last.pk]
        adoption = next((one for one in own if one.kind == Topic.Kind.ADOPTION), None)
        return {"meeting": last.pk, "topic": adoption and adoption.pk, "on": _day_of(last, self.today)}


def _day_of(meeting: Meeting, today: date) -> date | None:
    """Today where the meeting is on, else its last day."""
    return today if meeting.ends_on is None or today <= meeting.ends_on else meeting.ends_on


def _named(meeting: Meeting) -> str:
    return f"{meeting}, {dates.day(meeting.starts_on) if meeting.starts_on else meeting.words}"


class ConsiderationForm(_AtAMeeting):
    pass


class AdoptionForm(_AtAMeeting):
    """What the presiding officer records, or the secretariat prepares for her; `seen` is the seal on the screen."""

    how = forms.ChoiceField(
        label=_("How"), choices=Adoption.How, initial=Adoption.How.CONSENSUS, widget=forms.RadioSelect
    )
    seen = forms.RegexField(regex=r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)

    field_order = ("meeting", "topic", "on", "how", "note")

    def __init__(self, data: Any = None, *args: Any, edition: Edition, **kwargs: Any) -> None:
        self.prepared = PreparedAdoption.objects.standing().filter(edition=edition).first()
        on_screen = Edition.objects.filter(plan=edition.plan_id, number=edition.number).latest("corrigendum")
        initial: dict[str, Any] = {"seen": on_screen.sha256}
        if self.prepared:
            names = ("meeting_id", "topic_id", "on", "how", "note")
            initial |= {name.removesuffix("_id"): getattr(self.prepared, name) for name in names}
        super().__init__(data, *args, edition=edition, initial=initial, **kwargs)


class ConfirmationForm(_AtAMeeting):
    topic = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(data, *args, edition=edition, **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.required = False
        meeting.choices = [("", _("no meeting; by correspondence")), *meeting.choices]
        self.initial = {"on": self.today}


_HOW_A_SEAL_LOOKS = _(
    "A seal has 64 digits from 0 to 9 and a to f, such as 3f0a91c2 …; these are not 64. Copy them all."
)


class SealForm(TypedForm, forms.Form):
    """A seal as it is typed or pasted; the 64 digits come out."""

    seal = forms.CharField(
        label=_("Seal"),
        max_length=2000,
        help_text=_("Its 64 digits, or the address beside the code on the paper."),
        error_messages={"required": _HOW_A_SEAL_LOOKS, "max_length": _HOW_A_SEAL_LOOKS},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    use_required_attribute = False

    def clean_seal(self) -> str:
        if digits := read_seal(self.cleaned_data["seal"]):
            return digits
        raise ValidationError(_HOW_A_SEAL_LOOKS)


class SealedFileForm(TypedForm, forms.Form):
    """A file to be read once and kept nowhere."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("PDF, JSON or Word, of at most 20 MB. It is read and not kept."),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_too_large:
            self.fields["file"].error_messages["required"] = _("This file has more than 20 MB; no paper of ours has.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError(_("This file is empty."))
        return file
