"""Forms for what is done to editions: issuing, releasing, correcting, recording what meetings did, checking seals."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.actions.filing import CONTENT_OF_FILE
from documents.actions.registering import (
    DAY_OF_TEXT,
    LINKS_OF_PAPER,
    NEXT,
    SYMBOL_OF_PAPER,
    SYMBOL_OF_REVISION,
    KnownPaper,
    next_symbols,
)
from documents.actions.tying import PAPERS_OF_MANDATE, PAPERS_OF_TOPIC
from documents.files.fields import CheckedFileField, what_is_taken
from documents.importing.proposal import Choices
from documents.models import (
    Adoption,
    Document,
    Edition,
    NumberPattern,
    PreparedAdoption,
    Release,
    Revision,
    RevisionFile,
)
from documents.models.files import SEVERAL
from documents.models.papers import TEXTUAL, read_series_line
from documents.models.register import read_pattern
from documents.verifying.claims import read_seal
from mandates.models import Delegation, Mandate, ResponsibleArea, WorkingGroup
from mandates.permissions import is_chair
from meetings.models import Meeting, Topic
from mispa.ground import dates
from mispa.ground.fields import DayField, LanguagesFormField, OrderedChoiceField, choose_by_name
from mispa.ground.forms import TypedForm, WritingForm
from mispa.ground.links import Beside
from mispa.ground.models import User
from mispa.ground.openings import latest_change


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

    def __init__(self, *args: Any, choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    opened_from = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    field_order = ("meeting", "topic", "on", "how", "note")

    def __init__(self, data: Any = None, *args: Any, edition: Edition, **kwargs: Any) -> None:
        self.prepared = PreparedAdoption.objects.standing().filter(edition=edition).first()
        on_screen = Edition.objects.filter(plan=edition.plan_id, number=edition.number).latest("corrigendum")
        initial: dict[str, Any] = {"seen": on_screen.sha256, "opened_from": latest_change()}
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


# Papers that are tied to mandates and topics -----------------------------


def _papers_field(label: Any) -> OrderedChoiceField:
    return OrderedChoiceField(label=label, help_text=_("Empty choices are left out."), required=False)


def _offered(papers: Any, group: WorkingGroup | None) -> list[tuple[str, str]]:
    """Papers to choose from, by symbol and title; of those of another group the title that is issued."""
    own = {None, group.pk if group else None}
    issued = Revision.objects.standing().filter(state=Revision.State.ISSUED).latest_last()
    papers = papers.prefetch_related(Prefetch("revisions", issued)).order_by(F("base").asc(nulls_last=True), "id")

    def title(paper: Document) -> Any:
        states = [] if paper.group_id in own else list(paper.revisions.all())
        return states[-1].shown_title if states else paper.title

    return [(str(one.pk), f"{one.base or _('symbol pending')} · {title(one)}") for one in papers]


class _TiesForm(WritingForm):
    """Offers the papers that every editor of the group knows of, and those that were chosen here before."""

    def __init__(self, *args: Any, group: WorkingGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ever = {pk for links in self.besides.values() for pk in links.ever(self.instance)}  # type: ignore[attr-defined]
        found = Document.objects.known_to(group) | Document.objects.filter(pk__in=ever)
        choices = _offered(found.distinct(), group)
        for name in self.besides:
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class MandatePapersForm(_TiesForm):
    besides = PAPERS_OF_MANDATE
    sections = [(_("Progress"), ["progress", "carrying_out"]), (_("Prepared by"), ["preparing"])]

    carrying_out = _papers_field(_("Papers that carry it out"))
    preparing = _papers_field(_("Papers that prepare it"))

    class Meta:
        model = Mandate
        fields = ["progress"]


class TopicPapersForm(_TiesForm):
    besides = PAPERS_OF_TOPIC
    sections = [(_("On the table"), ["papers"])]

    papers = _papers_field(_("Papers"))

    class Meta:
        model = Topic
        fields: Sequence[str] = []


# The register -------------------------------------------------------------


def _paper_choices(group: WorkingGroup | None, chosen: Iterable[str], but: Any) -> list[tuple[str, str]]:
    """The papers that every editor of the group knows of, and those that were chosen here before."""
    known = Document.objects.known_to(group) if group else Document.objects.none()
    found = (known | Document.objects.filter(pk__in=chosen)).exclude(pk=but).distinct()
    return _offered(found, group)


class PaperForm(WritingForm):
    """What the register says of a paper, whatever its revision."""

    besides: ClassVar[Mapping[str, Beside]] = LINKS_OF_PAPER
    sections = [
        (_("Paper"), ["title", "kind", "series_line", "original_languages"]),
        (_("Where it comes from"), ["registered_on", "delegation", "area"]),
        (_("Who may read it"), ["distribution", "is_public"]),
        (_("Other papers"), list(LINKS_OF_PAPER)),
    ]
    rules = {
        "document_limited_is_not_public": "is_public",
        "document_is_submitted_by_one": "area",
    }

    title = LanguagesFormField(long=False)
    replaces = _papers_field(_("Papers that it replaces"))
    corrects = _papers_field(_("Papers that it corrects"))
    adds_to = _papers_field(_("Papers to which it adds"))
    refers_to = _papers_field(_("Papers to which it refers"))

    class Meta:
        model = Document
        fields = [
            "title",
            "kind",
            "series_line",
            "original_languages",
            "registered_on",
            "delegation",
            "area",
            "distribution",
            "is_public",
        ]
        field_classes = {"registered_on": DayField}
        widgets = {"distribution": forms.RadioSelect}
        labels = {"is_public": _("Everybody may see it, as soon as it is issued")}
        help_texts = {
            "series_line": _("The line above the symbol, such as OEA/Ser.K/XLIX.4."),
            "registered_on": _("The year of its symbol is that of this day."),
            "distribution": _("A limited paper is for the delegations, and shown nowhere else."),
        }

    def __init__(self, *args: Any, group: WorkingGroup | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        mine = self.instance
        delegations = Delegation.objects.standing().filter(group=group) if group else Delegation.objects.none()
        choose_by_name(self.fields["delegation"], delegations | Delegation.objects.filter(pk=mine.delegation_id))
        areas = ResponsibleArea.objects.standing() | ResponsibleArea.objects.filter(pk=mine.area_id)
        choose_by_name(self.fields["area"], areas)
        for name, links in LINKS_OF_PAPER.items():
            ever = set() if self.is_new else links.ever(mine)
            self.fields[name].choices = _paper_choices(group, ever, mine.pk)  # type: ignore[attr-defined]

    def clean_series_line(self) -> str:
        typed = str(self.cleaned_data["series_line"]).strip()
        try:
            return read_series_line(typed) if typed else ""
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class RegisterForm(PaperForm):
    """A new paper, with the symbol and the day of its first revision; `asked_for` is a symbol that is looked for."""

    NEXT, GIVEN, PENDING = "next", "given", "pending"

    besides = {"symbol": SYMBOL_OF_PAPER, "dated": DAY_OF_TEXT, **LINKS_OF_PAPER}
    sections = [
        (_("Paper"), ["title", "kind"]),
        (_("Symbol"), ["numbering", "symbol", "series_line"]),
        (_("Days and languages"), ["dated", "registered_on", "original_languages"]),
        (_("Where it comes from"), ["delegation", "area"]),
        *PaperForm.sections[2:],
    ]

    known: KnownPaper | None = None  # what the typed symbol belongs to, if it is there already

    numbering = forms.ChoiceField(label=_("Its symbol"), widget=forms.RadioSelect)
    symbol = forms.CharField(
        label=_("Symbol, as printed"),
        help_text=_("Only where it has been given already. One that is not complete is kept and marked."),
        max_length=200,
        required=False,
    )
    dated = DayField(label=_("Date of the text"), required=False)

    def __init__(self, *args: Any, asked_for: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbering: Any = self.fields["numbering"]
        numbering.choices = [(self.GIVEN, _("As written below")), (self.PENDING, _("Symbol pending"))]
        numbering.initial = self.PENDING
        if self.group and (offered := next_symbols(self.group)):
            numbering.choices = [(self.NEXT, _("The next free number")), *numbering.choices]
            numbering.initial = self.NEXT
            numbering.help_text = _in_words_of_kinds(offered)
        if asked_for:
            numbering.initial, self.fields["symbol"].initial = self.GIVEN, asked_for
        if self.group and not self.initial.get("registered_on"):
            self.initial["registered_on"] = timezone.localdate(timezone=self.group.zone)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        how, typed = self.cleaned_data.get("numbering"), self.cleaned_data.get("symbol", "")
        if how == self.GIVEN and not typed and "symbol" not in self.errors:
            self.add_error("symbol", _("Write the symbol that was given."))
        if how != self.GIVEN and typed:
            self.add_error("numbering", _("A symbol is written below. Choose “As written below”, or leave it empty."))
        if how == self.NEXT and "symbol" not in self.errors:
            # Sent again, it has its number already.
            had = "" if self.instance._state.adding else SYMBOL_OF_PAPER.read(self.instance)
            self.cleaned_data["symbol"] = had or NEXT
        return cleaned

    def refuse(self, error: ValidationError) -> None:
        self.known = error if isinstance(error, KnownPaper) else None
        super().refuse(error)


def _in_words_of_kinds(offered: Mapping[str, str]) -> str:
    """“report: …/doc.4/13; other kinds: …/doc.5/13”."""
    names = dict(Document.Kind.choices) | {"": _("all kinds") if len(offered) == 1 else _("other kinds")}
    return "; ".join(f"{names[kind]}: {symbol}" for kind, symbol in sorted(offered.items(), reverse=True))


class RevisionForm(WritingForm):
    """A state of a paper that is not issued yet."""

    besides = {"symbol": SYMBOL_OF_REVISION}
    sections = [(_("State of the paper"), ["symbol", "dated", "languages"])]

    symbol = forms.CharField(
        label=_("Symbol, as printed"), max_length=200, required=False, help_text=_("Empty while it is pending.")
    )

    class Meta:
        model = Revision
        fields: Sequence[str] = ["dated", "languages"]
        field_classes = {"dated": DayField}
        help_texts = {"languages": _("Of a corrigendum that does not concern all languages.")}

    field_order = ["symbol", "dated", "languages"]


class LateSymbolForm(RevisionForm):
    """What was issued while its symbol was pending gets the symbol, and stays as it is otherwise."""

    class Meta:
        model = Revision
        fields: Sequence[str] = []


class NewRevisionForm(RevisionForm):
    """`offered` are the symbols that the next state of the paper can have, each with what it would be."""

    sections = [(_("State of the paper"), ["which", "symbol", "dated", "languages"])]

    OTHER = "other"

    which = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)

    field_order = ["which", "symbol", "dated", "languages"]

    def __init__(self, *args: Any, offered: Sequence[tuple[str, Any]], asked_for: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which: Any = self.fields["which"]
        keys = [key for key, _words in offered]
        # Taken meanwhile by others, or by this very form: the action will say so.
        gone = self.data.get("which", "")
        more = [(gone, gone)] if gone and gone not in (*keys, self.OTHER) else []
        which.choices = [*offered, *more, (self.OTHER, _("Another symbol of this paper, written below"))]
        which.initial = asked_for if asked_for in keys else self.OTHER if asked_for or not keys else keys[0]
        self.fields["symbol"].help_text = _("Only for another symbol than those above.")
        if which.initial == self.OTHER:
            self.fields["symbol"].initial = asked_for

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        which, typed = self.cleaned_data.get("which"), self.cleaned_data.get("symbol", "")
        if which == self.OTHER and not typed and "symbol" not in self.errors:
            self.add_error("symbol", _("Write the symbol that was given."))
        elif which and which != self.OTHER:
            if typed and typed != which:
                self.add_error("which", _("A symbol is written below. Choose it here, or leave it empty."))
            self.cleaned_data["symbol"] = which
        return cleaned


class IssueRevisionForm(WritingForm):
    """To issue: the day of the text is the last thing that can still be set right."""

    sections = [(_("Date"), ["dated"])]

    class Meta:
        model = Revision
        fields: Sequence[str] = ["dated"]
        field_classes = {"dated": DayField}


class FileForm(WritingForm):
    """A file of a state of a paper. Where it is edited, what is there already counts as chosen."""

    besides: ClassVar[Mapping[str, Beside]] = {"file": CONTENT_OF_FILE}
    sections = [(_("File"), ["file", "language"])]
    rules = {"revisionfile_one_of_a_kind_and_language": "file"}

    file = CheckedFileField(label=_("File"))

    class Meta:
        model = RevisionFile
        fields: Sequence[str] = ["language"]

    field_order = ["file", "language"]

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.help_text = what_is_taken()
        if not self.is_new:
            there = self.initial["file"] = CONTENT_OF_FILE.read(self.instance)
            field.required = False
            named = _("Only where another takes the place of %(name)s.") % {"name": there.name if there else ""}
            field.help_text = f"{named} {field.help_text}"
        elif not self.initial.get("language"):
            original = SEVERAL if document.original_languages == TEXTUAL else document.original_languages
            self.initial["language"] = original if original in (*User.Language.values, SEVERAL) else ""


class NumberingForm(WritingForm):
    sections = [(_("Numbering"), ["kind", "pattern"])]
    rules = {"numberpattern_once_per_kind": "kind", "numberpattern_has_number_and_year": "pattern"}

    class Meta:
        model = NumberPattern
        fields: Sequence[str] = ["kind", "pattern"]
        help_texts = {
            "pattern": _("Such as GT/MISPA-IV/doc.{n}/{yy}: {n} is the number, {yy} the year of registration.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        plain = [choice for choice in Document.Kind.choices if choice[0] != Document.Kind.WORK_PLAN]
        kind.choices = [("", _("all kinds without a numbering of their own")), *plain]

    def clean_pattern(self) -> str:
        return read_pattern(self.cleaned_data["pattern"])


# Findings ----------------------------------------------------------------


class OpenedForm(TypedForm, forms.Form):
    """What was decided when the page was opened is what is decided about."""

    opened_from = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    use_required_attribute = False


class OwnerForm(OpenedForm):
    """`people` are those to whom a finding can be given."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Whose it is"), required=False, empty_label=_("nobody’s")
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(pk__in=[person.pk for person in people])


class AcceptForm(OpenedForm):
    """`seen` is the fingerprint of the finding on the screen."""

    because = forms.CharField(
        label=_("Accepted as it is, because"),
        help_text=_("Printed in the report and in the history."),
        min_length=3,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
        error_messages={
            "required": _("Say in some words why it may stand as it is."),
            "min_length": _("Say in some words why it may stand as it is."),
        },
    )
    seen = forms.RegexField(regex=r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)


# Bringing a plan in -------------------------------------------------------


class FileToImportForm(TypedForm, forms.Form):
    """A plan as a file; what was read of it is kept for a day, the file is not."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("Word (.docx), plain text (.txt) or the JSON of a plan, of at most 20 MB."),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_too_large:
            self.fields["file"].error_messages["required"] = _(
                "This file has more than 20 MB. Take pictures out of it, and choose it again."
            )


class RegisterFileForm(TypedForm, forms.Form):
    """A register as a file; what it would change is shown first, unless the person says otherwise."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or JSON, of at most 5 MB."),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )
    only_try = forms.BooleanField(label=_("Only show what it would change"), required=False, initial=True)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        min_length=3,
        help_text=_("Printed in the history of the papers, when it is saved."),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_too_large:
            self.fields["file"].error_messages["required"] = _("The file has more than 5 MB.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        if not typed.get("only_try") and not typed.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why, in a few words."))
        return cleaned


class ImportForm(TypedForm, forms.Form):
    """What a person decides about a proposal; the page prints the boxes beside what they are about.

    `keys` are those that can be decided otherwise, `candidates` the days among which one can choose, by the number of
    the oddity. `seen` is the digest of the proposal on the screen.
    """

    others = forms.MultipleChoiceField(required=False)
    convene = forms.BooleanField(
        label=_("Convene these meetings"),
        required=False,
        help_text=_(
            "Left empty, they are entered as to be confirmed: only those who prepare them see them, and the plan does "
            "not print them yet."
        ),
    )
    reason = forms.CharField(label=_("Reason"), min_length=3, help_text=_("Printed in the history of the plan."))
    seen = forms.RegexField(regex=r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidates: Mapping[int, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for number, days in candidates.items():
            named = [(day, _with_weekday(date.fromisoformat(day))) for day in days]
            self.fields[f"oddity-{number}"] = forms.ChoiceField(
                required=False, choices=[("", _("as it is printed")), *named]
            )

    def offer(self, keys: Iterable[str]) -> None:
        """What can be decided otherwise now; what was chosen and cannot be any more is let go."""
        known = set(keys)
        field: Any = self.fields["others"]
        field.choices = [(key, key) for key in known]
        if self.is_bound:
            self.data = sent = self.data.copy()  # type: ignore[attr-defined]
            sent.setlist("others", [key for key in sent.getlist("others") if key in known])

    def go_on_from(self, seen: str) -> None:
        self.put_now(seen=seen)

    @property
    def chosen(self) -> set[str]:
        return set(self["others"].value() or ())

    def choices(self) -> Choices:
        cleaned = self.cleaned_data
        days = {number: cleaned.get(f"oddity-{number}") for number in self.candidates}
        return Choices(
            others=frozenset(cleaned["others"]),
            convene=cleaned["convene"],
            oddities={number: day for number, day in days.items() if day},
        )


def _with_weekday(day: date) -> str:
    return f"{dates.weekday(day)}, {dates.day(day)}"
