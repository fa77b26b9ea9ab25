"""One factory per model, minimal and unsurprising. Tracked models need a change-set: `whole_group` opens its own."""

from datetime import UTC, date, datetime, time
from typing import Any

import factory
from django.db.models import Model
from factory.django import DjangoModelFactory

from documents.actions import adopt_plan, issue_corrigendum, issue_plan, release_plan
from documents.editions.corrections import differences
from documents.models import (
    Adoption,
    Bundle,
    BundledChange,
    Care,
    Confirmation,
    Consideration,
    Contribution,
    Document,
    DocumentLink,
    Edition,
    EditionFile,
    EditionMention,
    FileText,
    Follow,
    ImportedPlan,
    MandateDocument,
    MeetingDocument,
    NumberPattern,
    PersonalFeed,
    PreparedAdoption,
    ReadUntil,
    Release,
    Revision,
    RevisionFile,
    SearchEntry,
    StoredFile,
    TopicDocument,
    WaitingFile,
)
from documents.reading.texts import working_text
from mandates.models import (
    Assignment,
    Body,
    Delegation,
    Mandate,
    Membership,
    Note,
    Paragraph,
    Pillar,
    PlanRow,
    RegisteredOrgan,
    RegisteredSymbol,
    Resolution,
    ResponsibleArea,
    WorkingGroup,
    WorkPlan,
)
from meetings.models import City, Meeting, MeetingBasis, Room, Series, Topic, TopicMandate
from mispa.ground import changes as change_sets
from mispa.ground.changes import changes
from mispa.ground.models import KeptDraft, Mail, User
from mispa.ground.text import Text


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")


class MailFactory(DjangoModelFactory):
    class Meta:
        model = Mail

    recipient = factory.SubFactory(UserFactory)
    kind = "changes"
    about = "1"
    not_before = datetime(2013, 9, 5, 14, tzinfo=UTC)


class KeptDraftFactory(DjangoModelFactory):
    class Meta:
        model = KeptDraft

    id = factory.Faker("uuid4")
    user = factory.SubFactory(UserFactory)
    address = "/rooms/new/"
    name = "New room"
    labels = {"name": "Name", "reason": "Why this change"}
    fields = {"name-en": ["Hall of Rivers"], "reason": ["a new hall"]}
    at = datetime(2013, 9, 5, 14, tzinfo=UTC)


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    name = Text.of("Committee on Rivers")


class WorkingGroupFactory(DjangoModelFactory):
    class Meta:
        model = WorkingGroup

    slug = factory.Sequence(lambda n: f"group-{n}")
    name = Text.of("Working Group on Rivers")
    short_name = Text.of("Rivers Group")
    place = Text.of("Washington")
    body = factory.SubFactory(BodyFactory)
    is_public = True


class DelegationFactory(DjangoModelFactory):
    class Meta:
        model = Delegation

    group = factory.SubFactory(WorkingGroupFactory)
    code = "UY"
    name = Text.of("Uruguay", es="Uruguay")
    since = date(2013, 1, 1)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    group = factory.SubFactory(WorkingGroupFactory)
    user = factory.SubFactory(UserFactory)
    role = "chair"
    since = date(2013, 1, 1)


class PillarFactory(DjangoModelFactory):
    class Meta:
        model = Pillar

    position = factory.Sequence(lambda n: (n + 1) * 1000)
    name = Text.of("Upkeep of banks")


class RegisteredOrganFactory(DjangoModelFactory):
    class Meta:
        model = RegisteredOrgan

    name = factory.Sequence(lambda n: f"ORG{n}")


class RegisteredSymbolFactory(DjangoModelFactory):
    class Meta:
        model = RegisteredSymbol

    canonical = factory.Sequence(lambda n: f"AG/RES. {3000 + n} (XLVIII-O/18)")
    printed = factory.SelfAttribute("canonical")
    slug = factory.Sequence(lambda n: f"ag-res-{3000 + n}-xlviii-o-18")
    state = "in use"


class DocumentSymbolFactory(RegisteredSymbolFactory):
    canonical = factory.Sequence(lambda n: f"CP/doc.{4000 + n}/13")
    slug = factory.Sequence(lambda n: f"cp-doc-{4000 + n}-13")


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = Resolution

    symbol = factory.SubFactory(RegisteredSymbolFactory)
    title = Text.of("Care of Rivers")


class ResponsibleAreaFactory(DjangoModelFactory):
    class Meta:
        model = ResponsibleArea

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = Text.of("Secretariat for Water")


class WorkPlanFactory(DjangoModelFactory):
    class Meta:
        model = WorkPlan

    group = factory.SubFactory(WorkingGroupFactory)
    title = Text.of("Work plan of the Rivers Group")


class ParagraphFactory(DjangoModelFactory):
    class Meta:
        model = Paragraph

    plan = factory.SubFactory(WorkPlanFactory)
    section = "background"
    position = factory.Sequence(lambda n: (n + 1) * 1000)
    text = Text.of("The ministers met once.")


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = Note

    plan = factory.SubFactory(WorkPlanFactory)
    key = factory.Sequence(lambda n: f"note-{n}")
    text = Text.of("Report of that meeting.")


class PlanRowFactory(DjangoModelFactory):
    class Meta:
        model = PlanRow

    plan = factory.SubFactory(WorkPlanFactory)
    resolution = factory.SubFactory(ResolutionFactory)
    position = factory.Sequence(lambda n: (n + 1) * 1000)
    symbol_as_printed = factory.LazyAttribute(lambda row: row.resolution.symbol.canonical)
    title_as_printed = Text.of("Care of Rivers")


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    row = factory.SubFactory(PlanRowFactory)
    position = factory.Sequence(lambda n: (n + 1) * 1000)
    text = Text.of("Measure the depth of each river.")


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    row = factory.SubFactory(PlanRowFactory)
    area = factory.SubFactory(ResponsibleAreaFactory)
    position = factory.Sequence(lambda n: (n + 1) * 1000)


class CityFactory(DjangoModelFactory):
    class Meta:
        model = City

    name = Text.of("Washington, D.C.")
    country = Text.of("United States")


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    name = Text.of("Rubén Darío Room")
    city = factory.SubFactory(CityFactory)


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    slug = factory.Sequence(lambda n: f"series-{n}")
    name = Text.of("Meeting of Ministers of Rivers")
    short_name = "MR"


class MeetingFactory(DjangoModelFactory):
    """A convened session on a Thursday morning in Washington."""

    class Meta:
        model = Meeting

    kind = "session"
    group = factory.SubFactory(WorkingGroupFactory)
    number = factory.Sequence(lambda n: n + 1)
    status = "convened"
    starts_on = ends_on = date(2013, 9, 5)
    starts_at: Any = time(10)
    ends_at: Any = time(13)
    timezone = "America/New_York"
    room = factory.SubFactory(RoomFactory)


class MinisterialFactory(MeetingFactory):
    """A ministerial meeting of the past, of two whole days."""

    kind = "ministerial"
    group = number = room = None
    starts_at: Any = None
    ends_at: Any = None
    series = factory.SubFactory(SeriesFactory)
    # The one that a group prepares comes after those of the past.
    ordinal = factory.LazyAttributeSequence(lambda one, n: n + 1 + (10_000 if one.group else 0))
    title = Text.of("First Meeting of Ministers of Rivers")
    status = "held"
    precision = "all-day"
    starts_on = date(2008, 10, 7)
    ends_on = date(2008, 10, 8)
    city = factory.SubFactory(CityFactory)


class PreparatoryFactory(MinisterialFactory):
    kind = "preparatory"
    ordinal = None
    prepares = factory.SubFactory(MinisterialFactory)
    series = factory.SelfAttribute("prepares.series")
    title = Text.of("Meeting of Experts on Rivers")


class MeetingBasisFactory(DjangoModelFactory):
    class Meta:
        model = MeetingBasis

    meeting = factory.SubFactory(MinisterialFactory)
    resolution = factory.SubFactory(ResolutionFactory)
    position = 1000


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.Sequence(lambda n: (n + 1) * 1000)
    kind = "consideration"
    text = Text.of("Consideration of the depths")


class TopicMandateFactory(DjangoModelFactory):
    class Meta:
        model = TopicMandate

    topic = factory.SubFactory(TopicFactory)
    mandate = factory.SubFactory(MandateFactory)
    position = 1000


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    title = Text.of("Report on Depths")
    kind = "report"
    is_public = True


class RevisionFactory(DjangoModelFactory):
    class Meta:
        model = Revision

    document = factory.SubFactory(DocumentFactory)
    symbol = factory.SubFactory(DocumentSymbolFactory)
    position = 1
    state = "issued"


class MeetingDocumentFactory(DjangoModelFactory):
    class Meta:
        model = MeetingDocument

    meeting = factory.SubFactory(MinisterialFactory)
    revision = factory.SubFactory(RevisionFactory)
    role = "outcome"
    position = 1000


class TopicDocumentFactory(DjangoModelFactory):
    class Meta:
        model = TopicDocument

    topic = factory.SubFactory(TopicFactory)
    document = factory.SubFactory(DocumentFactory)
    position = 1000


class MandateDocumentFactory(DjangoModelFactory):
    class Meta:
        model = MandateDocument

    mandate = factory.SubFactory(MandateFactory)
    document = factory.SubFactory(DocumentFactory)
    role = "carries out"
    position = 1000


class DocumentLinkFactory(DjangoModelFactory):
    class Meta:
        model = DocumentLink

    document = factory.SubFactory(DocumentFactory)
    other = factory.SubFactory(DocumentFactory)
    relation = "refers to"
    position = 1000


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    delegation = factory.SubFactory(DelegationFactory)
    pillar = factory.SubFactory(PillarFactory)
    title = "Wardens of the banks"
    text = "Two wardens walk each bank a day."
    language = "en"
    submitted_at = factory.Maybe("is_handed_in", datetime(2013, 9, 5, 14, tzinfo=UTC))
    accepted_at = factory.Maybe("is_accepted", datetime(2013, 9, 6, 14, tzinfo=UTC))

    class Params:
        is_accepted = factory.LazyAttribute(lambda one: getattr(one, "state", "") == "accepted")
        is_handed_in = factory.LazyAttribute(lambda one: getattr(one, "state", "") in {"submitted", "accepted"})


class StoredFileFactory(DjangoModelFactory):
    """A row without a file; `documents.files.storing.store` makes both."""

    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    format = "pdf"
    size = 8
    content = factory.LazyAttribute(lambda stored: f"papers/00/{stored.sha256}")


class FileTextFactory(DjangoModelFactory):
    class Meta:
        model = FileText

    stored = factory.SubFactory(StoredFileFactory)
    text = "The depth of rivers."


class RevisionFileFactory(DjangoModelFactory):
    class Meta:
        model = RevisionFile

    revision = factory.SubFactory(RevisionFactory, state="working")
    language = "en"
    kind = "pdf"
    name = "report.pdf"
    stored = factory.SubFactory(StoredFileFactory)


class NumberPatternFactory(DjangoModelFactory):
    class Meta:
        model = NumberPattern

    group = factory.SubFactory(WorkingGroupFactory)
    pattern = "GT/RIVERS/doc.{n}/{yy}"


class SearchEntryFactory(DjangoModelFactory):
    class Meta:
        model = SearchEntry

    kind = "document"
    thing = part = factory.Faker("uuid4")
    language = "en"
    title = "Report on Depths"
    title_words = "report on depths"


class CareFactory(DjangoModelFactory):
    class Meta:
        model = Care

    group = factory.SubFactory(WorkingGroupFactory)
    key = factory.Sequence(lambda n: f"no-paper:{n}")


class PersonalFeedFactory(DjangoModelFactory):
    class Meta:
        model = PersonalFeed

    user = factory.SubFactory(UserFactory)
    language = "en"
    changed_at = datetime(2013, 9, 5, 14, tzinfo=UTC)


class FollowFactory(DjangoModelFactory):
    class Meta:
        model = Follow

    user = factory.SubFactory(UserFactory)
    group = factory.SubFactory(WorkingGroupFactory)


class ReadUntilFactory(DjangoModelFactory):
    class Meta:
        model = ReadUntil

    user = factory.SubFactory(UserFactory)
    group = factory.SubFactory(WorkingGroupFactory)
    until = datetime(2013, 9, 5, 14, tzinfo=UTC)


class BundleFactory(DjangoModelFactory):
    class Meta:
        model = Bundle

    group = factory.SubFactory(WorkingGroupFactory)
    opened_at = not_before = datetime(2013, 9, 5, 14, tzinfo=UTC)


class BundledChangeFactory(DjangoModelFactory):
    class Meta:
        model = BundledChange

    bundle = factory.SubFactory(BundleFactory)
    change_set = factory.LazyFunction(change_sets.current)


class EditionFactory(DjangoModelFactory):
    """A row with next to nothing in its text; `documents.actions.issue_plan` makes a real one."""

    class Meta:
        model = Edition

    plan = factory.SubFactory(WorkPlanFactory)
    number = 1
    revision = factory.SubFactory(RevisionFactory)
    text = factory.LazyAttribute(
        lambda edition: {
            "group": {"slug": edition.plan.group.slug},
            "plan": {"title": edition.plan.title.to_json(), "original_language": "en"},
        }
    )
    sha256 = "0" * 64
    chain = "0" * 64
    last_change_at = datetime(2013, 8, 30, tzinfo=UTC)
    change_set = factory.LazyFunction(change_sets.current)


class EditionMentionFactory(DjangoModelFactory):
    class Meta:
        model = EditionMention

    edition = factory.SubFactory(EditionFactory)
    symbol = factory.SubFactory(RegisteredSymbolFactory)


class ReleaseFactory(DjangoModelFactory):
    class Meta:
        model = Release

    edition = factory.SubFactory(EditionFactory)
    audience = "delegations"
    consent = "given at the meeting"
    change_set = factory.LazyFunction(change_sets.current)


class EditionFileFactory(DjangoModelFactory):
    class Meta:
        model = EditionFile

    edition = factory.SubFactory(EditionFactory)
    name = "work-plan.pdf"
    language = "en"
    content = b"%PDF-1.7"
    sha256 = "0" * 64


class ImportedPlanFactory(DjangoModelFactory):
    class Meta:
        model = ImportedPlan

    plan = factory.SubFactory(WorkPlanFactory)
    number = 1
    file_name = "plan.txt"
    kind = "txt"
    language = "en"
    sha256 = "0" * 64
    text: Any = {"rows": []}
    change_set = factory.LazyFunction(change_sets.current)


class WaitingFileFactory(DjangoModelFactory):
    class Meta:
        model = WaitingFile

    plan = factory.SubFactory(WorkPlanFactory)
    by = factory.SubFactory(UserFactory)
    file_name = "plan.txt"
    brought = {"kind": "txt"}


class ConsiderationFactory(DjangoModelFactory):
    class Meta:
        model = Consideration

    edition = factory.SubFactory(EditionFactory)
    meeting = factory.SubFactory(MeetingFactory)
    on = date(2013, 9, 5)
    change_set = factory.LazyFunction(change_sets.current)


class AdoptionFactory(ConsiderationFactory):
    class Meta:
        model = Adoption

    presiding_name = "Ana Ruiz"
    presiding_role = "chair"


class ConfirmationFactory(DjangoModelFactory):
    class Meta:
        model = Confirmation

    adoption = factory.SubFactory(AdoptionFactory, how="ad referendum")
    on = date(2013, 9, 12)
    change_set = factory.LazyFunction(change_sets.current)


class PreparedAdoptionFactory(DjangoModelFactory):
    class Meta:
        model = PreparedAdoption

    edition = factory.SubFactory(EditionFactory)
    meeting = factory.SubFactory(MeetingFactory)
    on = date(2013, 9, 5)


def unsaved(factory: Any, **values: Any) -> Any:
    """As the factory makes it, not yet saved; all that it points to is."""
    thing = factory.build(**values)
    _save_what_it_points_to(thing)
    return thing


def _save_what_it_points_to(thing: Model) -> None:
    for column in thing._meta.concrete_fields:
        other: Any = getattr(thing, column.name) if column.is_relation else None
        if other is not None and other._state.adding:
            _save_what_it_points_to(other)
            other.save()
            setattr(thing, column.name, other)


def whole_group(**group: Any) -> WorkingGroup:
    """A group with a plan of one of each thing, made in one change-set."""
    with changes(by=None, reason="a group for a test", source="command"):
        made = WorkingGroupFactory(**group)
        plan = WorkPlanFactory(group=made)
        NoteFactory(plan=plan, key="report")
        ParagraphFactory(plan=plan, text=Text.of("The ministers met once.[^report]"))
        row = PlanRowFactory(plan=plan)
        MandateFactory(row=row)
        AssignmentFactory(row=row)
        TopicFactory(meeting=MeetingFactory(group=made, number=1))
    return made


def member(group: WorkingGroup, role: str, username: str = "") -> User:
    """A person with a role in a group."""
    user = UserFactory(username=username or role)
    with changes(by=None, reason="a role for a test", source="command"):
        delegation = DelegationFactory(group=group) if role == "delegate" else None
        MembershipFactory(group=group, user=user, role=role, delegation=delegation)
    return user


def issue(group: WorkingGroup, *audiences: str, symbol: str = "", by: User | None = None) -> Edition:
    """A real edition of the working text as it stands, with its files, opened to some."""
    how: dict[str, Any] = {"by": by, "reason": "issued for a test", "source": "page" if by else "command"}
    edition = issue_plan(plan=group.plan, seen=working_text(group.plan).seal, symbol=symbol, **how)
    for audience in audiences:
        release_plan(edition=edition, audience=Release.Audience(audience), consent="given in the room", **how)
    return edition


def correct(edition: Edition, by: User | None, language: str = "") -> Edition:
    """A corrigendum to an edition: the wordings in a language (or in all) as the working text has them now."""
    latest = Edition.objects.filter(plan=edition.plan, number=edition.number).latest("corrigendum")
    working = working_text(edition.plan)
    found = differences(latest.text, working.json_text).wordings
    return issue_corrigendum(
        edition=edition,
        seen=working.seal,
        chosen=[one.key for one in found if language in {"", one.language}],
        consent="by word of mouth",
        reason="misprint in a translation",
        by=by,
        source="page" if by else "command",
    )


def reword(thing: Any, **values: Any) -> Any:
    """Change what is there, in a change-set of its own."""
    with changes(by=None, reason="reworded for a test", source="command"):
        for name, value in values.items():
            setattr(thing, name, value)
        thing.full_clean()
        thing.save()
    return thing


ON = date(2013, 9, 5)  # of the meeting of `whole_group`


def adopt(edition: Edition, meeting: Meeting, by: User, how: str = "consensus") -> Adoption:
    """The chair records that the meeting adopted an edition."""
    return adopt_plan(edition=edition, seen=edition.sha256, meeting=meeting, topic=None, on=ON, how=how, note="", by=by)
