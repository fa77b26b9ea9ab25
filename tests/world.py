"""Two groups with something for each audience, and people in every role: what tests of access walk through."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from documents.actions.feeds import digest_of
from documents.files.checking import check
from documents.files.storing import store
from documents.models import Bundle, Edition, Release, WaitingFile
from mandates.models import Mandate, Note, Paragraph, PlanRow, ResponsibleArea, WorkingGroup
from meetings.models import Meeting
from mispa.ground.changes import changes
from mispa.ground.models import ChangeSet, KeptDraft, User
from mispa.ground.text import Text
from tests import factories as make
from tests.conftest import signed_in

ROLES = ("anonymous", "outsider", "delegate", "secretariat", "chair", "vice-chair", "administrator", "neighbour")

# Words that stand in nothing else: who may read them is what the tests ask.
CIRCULATED = "Circulatedword"  # edition 2 and later, opened to the delegations
ISSUED = "Issuedword"  # edition 3 and later, issued but opened to nobody
WORKING = "Workingword"  # the working text of now
PROPOSED = "Proposedword"  # a meeting that is not convened
LIMITED = "Limitedword"  # a paper of limited distribution
UNPUBLISHED = "Unpublishedword"  # a paper that is general but not public yet
WITHDRAWN = "Withdrawnword"  # what was taken out
UNISSUED = "Unissuedword"  # a paper that is to be public, and is not issued yet
REASON = "Reasonword"  # why the plan was changed
PERSON = "Personword"  # who changed it
HIDDEN = "Hiddenword"  # a group that is not shown to everybody
KEPT = "Keptword"  # what the secretariat typed and did not save
CALENDAR = "calendarofanoutsider"  # the token of her own calendar, with all that she may see
DRAFTED = "Draftedword"  # what a delegation writes and has not handed in, and why it does
HANDED_IN = "Handedinword"  # what another delegation has submitted
COMPILED = "Compiledword"  # a contribution that is accepted, for the members of the group
SHARED = "Sharedword"  # what all groups share and no public text names yet: for people with a role


AT = datetime(2013, 9, 5, 14, tzinfo=UTC)
PENDING = {"canonical": None, "slug": None, "state": "pending", "review": "no number"}


@dataclass
class World:
    """`rivers` is shown to everybody, `lakes` to its own people; the neighbour is the secretariat of `lakes` alone."""

    rivers: WorkingGroup
    lakes: WorkingGroup
    clients: dict[str, Client]
    editions: dict[int, Edition]
    meeting: Meeting
    proposed: Meeting
    paper: Any  # a public revision
    limited: Any
    unpublished: Any
    unissued: Any
    files: dict[str, Any]  # of each of these papers
    numbering: Any
    written: Any  # of the delegate's; it was submitted once
    submitted: Any  # of another delegation
    compiled: Any
    published: Any  # accepted, for everybody
    row: PlanRow
    mandate: Mandate
    paragraph: Paragraph
    note: Note
    draft: KeptDraft
    bundle: Bundle  # a mail to the followers that waits
    delegate: User
    waiting: WaitingFile
    change_set: int  # the first that the writer made

    def client(self, role: str) -> Client:
        """A browser of that person's; what it forgets when it signs out is no other's loss."""
        client = Client()
        client.handler = self.clients[role].handler  # a new one would look through all static files again
        client.cookies.load({name: morsel.value for name, morsel in self.clients[role].cookies.items()})
        return client


def build() -> World:
    rivers = make.whole_group(slug="rivers")
    people = {role: make.member(rivers, role) for role in ("delegate", "secretariat", "chair", "vice-chair")}
    people["administrator"] = make.UserFactory(username="administrator", is_staff=True, is_superuser=True)
    people["outsider"] = make.UserFactory(username="outsider")
    writer = make.UserFactory(username="writer", first_name=PERSON)
    papers = _papers(rivers)
    editions = _editions(rivers, writer)
    proposed = _proposed(rivers)
    _withdrawn(rivers, writer)
    lakes = _lakes(writer)
    people["neighbour"] = make.member(lakes, "secretariat", username="neighbour")
    feed = make.PersonalFeedFactory(
        user=people["outsider"], has_private=True, token_sha256=digest_of(CALENDAR), token_made_at=AT
    )
    feed.groups.set([rivers, lakes])
    return World(
        rivers=rivers,
        lakes=lakes,
        clients={"anonymous": Client()} | {role: signed_in(person) for role, person in people.items()},
        editions=editions,
        meeting=Meeting.objects.get(group=rivers, number=1),
        proposed=proposed,
        row=PlanRow.objects.filter(plan__group=rivers).earliest("position"),
        mandate=Mandate.objects.filter(row__plan__group=rivers).earliest("position"),
        paragraph=Paragraph.objects.filter(plan__group=rivers).earliest("position"),
        note=Note.objects.get(plan__group=rivers, key="report"),
        waiting=brought(rivers, people["secretariat"]),
        bundle=make.BundleFactory(group=rivers, is_call=True),
        delegate=people["delegate"],
        change_set=ChangeSet.objects.filter(by=writer).earliest("pk").pk,
        draft=make.KeptDraftFactory(
            user=people["secretariat"], name=KEPT, labels={"name": KEPT}, fields={"name-en": [KEPT]}
        ),
        **papers,
        **_contributions(rivers, people["delegate"], writer),
    )


def _papers(group: WorkingGroup) -> dict[str, Any]:
    """Papers of each kind on the table of the convened meeting, and of the ministerial meetings."""
    meeting = Meeting.objects.get(group=group)
    with _quietly():
        coming = make.MinisterialFactory(
            group=group, number=2, status="convened", starts_on=date(2013, 11, 21), ends_on=date(2013, 11, 22)
        )
        past = make.MinisterialFactory(series=coming.series, ordinal=coming.ordinal - 1000)
        make.MeetingBasisFactory(meeting=past)
        preparatory = make.PreparatoryFactory(prepares=past, note=Note.objects.get(plan__group=group))
        how: dict[str, dict[str, Any]] = {
            "paper": {"is_public": True},
            "limited": {"is_public": False, "distribution": "limited", "title": Text.of(LIMITED)},
            "unpublished": {"is_public": False, "title": Text.of(UNPUBLISHED)},
            "unissued": {"is_public": True, "title": Text.of(UNISSUED)},
        }
        found: dict[str, Any] = {}
        for name, values in how.items():
            document = make.DocumentFactory(group=group, **values)
            found[name] = make.RevisionFactory(document=document, state="working" if name == "unissued" else "issued")
            document.base = found[name].symbol.canonical
            document.save()
            make.TopicDocumentFactory(topic=meeting.topics.get(), document=document)
            make.MeetingDocumentFactory(meeting=past, revision=found[name])
            make.MeetingDocumentFactory(meeting=preparatory, revision=found[name], role="input")
        found["files"] = {name: _file(found[name], str(values.get("title", ""))) for name, values in how.items()}
        public = found["paper"].document
        for other in ("limited", "unpublished", "unissued"):
            make.DocumentLinkFactory(document=public, other=found[other].document)
            make.DocumentLinkFactory(document=found[other].document, other=public, relation="replaces")
        found["numbering"] = make.NumberPatternFactory(group=group)
        doubtful = make.RegisteredSymbolFactory(printed="CP/INF. /13", **PENDING)
        make.RevisionFactory(document=found["limited"].document, symbol=doubtful, position=2)
    return found


def _contributions(group: WorkingGroup, delegate: User, writer: User) -> dict[str, Any]:
    """One in each state. The draft was handed in once, taken back, and written again since."""
    own = delegate.memberships.get().delegation
    with _quietly():
        pillar = make.PillarFactory()
        other = make.DelegationFactory(group=group, code="BZ", name=Text.of("Belize"))
    make_one = partial(make.ContributionFactory, pillar=pillar)
    with changes(by=delegate, reason=DRAFTED):
        draft = make_one(delegation=own, title=DRAFTED, text=DRAFTED)
        make_one(delegation=own, title=DRAFTED, is_withdrawn=True)
    with changes(by=delegate, reason="handed in"):
        draft.title, draft.text, draft.state, draft.submitted_at = "Wells", "Wells", "submitted", AT
        draft.save()
    with changes(by=delegate, reason="taken back"):
        draft.state, draft.submitted_at = "taken back", None
        draft.save()
    with changes(by=delegate, reason=DRAFTED):
        draft.title, draft.text, draft.state = DRAFTED, DRAFTED, "draft"
        draft.save()
    with changes(by=writer, reason=REASON):
        submitted = make_one(delegation=other, title=HANDED_IN, text=HANDED_IN, state="submitted")
        stored = store(check(COMPILED.encode(), "wells.txt"))
        file = {"stored": stored, "file_name": "wells.txt", "file_kind": "txt"}
        compiled = make_one(delegation=other, title=COMPILED, text=COMPILED, state="accepted", **file)
        published = make_one(delegation=other, state="accepted", may_be_public=True)
        make_one(delegation=other, title=WITHDRAWN, state="accepted", may_be_public=True, is_withdrawn=True)
    return {"written": draft, "submitted": submitted, "compiled": compiled, "published": published}


def _file(revision: Any, word: str) -> Any:
    """A file of a paper, which has its word in it."""
    stored = store(check(f"The text of the paper {revision}. {word}".encode(), "paper.txt"))
    is_issued = revision.state == "issued"
    return make.RevisionFileFactory(revision=revision, stored=stored, kind="txt", name="paper.txt", is_issued=is_issued)


def _editions(group: WorkingGroup, writer: User) -> dict[int, Edition]:
    """Edition 1 for everybody, 2 for the delegations, 3 for nobody yet; and the working text has gone on."""
    editions = {1: make.issue(group, "public")}
    _correct(group, editions[1])
    _write(group, writer, CIRCULATED)
    editions[2] = make.issue(group, Release.Audience.DELEGATIONS, by=writer)
    _correct(group, editions[2])
    _write(group, writer, ISSUED)
    editions[3] = make.issue(group, by=writer)
    _write(group, writer, WORKING)
    return editions


def _correct(group: WorkingGroup, edition: Edition) -> None:
    """A corrigendum to the French of an edition, open to those who read it."""
    note = Note.objects.get(plan__group=group, key="report")
    make.reword(note, text=note.text.with_wording("fr", f"Rapport de la réunion {edition.number}"))
    make.correct(edition, by=None, language="fr")


def _write(group: WorkingGroup, writer: User, word: str) -> None:
    """The word comes into every sort of text that the plan prints, in new things and in those that were there."""
    plan = group.plan
    with changes(by=writer, reason=REASON):
        plan.title = Text.of(f"Work plan {word}", es=f"Plan {word}")
        plan.save()
        for thing in (plan.paragraphs.earliest("position"), plan.notes.get(key="report")):
            thing.text = Text.of(f"{thing.text} {word}")
            thing.save()
        row = plan.rows.earliest("position")
        row.title_as_printed = Text.of(f"{row.title_as_printed} {word}")
        row.save()
        mandate = row.mandates.earliest("position")
        mandate.text, mandate.deadline_words = Text.of(f"{mandate.text} {word}"), Text.of(f"before {word}")
        mandate.save()
        note = make.NoteFactory(plan=plan, text=Text.of(f"Note {word}"))
        make.ParagraphFactory(plan=plan, section="mandate", text=Text.of(f"Paragraph {word}[^{note.key}]"))
        new = make.PlanRowFactory(plan=plan, resolution__title=Text.of(SHARED))
        above = ResponsibleArea.objects.filter(assignments__row__plan=plan).earliest("slug")
        unit = make.ResponsibleAreaFactory(name=Text.of(SHARED), parent=above)
        area = make.ResponsibleAreaFactory(name=Text.of(SHARED))
        make.AssignmentFactory(row=new, area=area)
        make.AssignmentFactory(row=new, area=above, unit=unit)
        make.AssignmentFactory(row=None, area=area, mandate=make.MandateFactory(row=new, text=Text.of(f"Do {word}")))


def _proposed(group: WorkingGroup) -> Meeting:
    with _quietly():
        meeting = make.MeetingFactory(
            group=group,
            number=3,
            status="proposed",
            starts_on=date(2013, 9, 12),
            ends_on=date(2013, 9, 12),
            room__name=Text.of(SHARED),
        )
        make.TopicFactory(meeting=meeting, text=Text.of(f"Topic {PROPOSED}"))
    return meeting


def _withdrawn(group: WorkingGroup, writer: User) -> None:
    with changes(by=writer, reason=REASON):
        gone = {"is_withdrawn": True}
        make.MeetingFactory(group=group, number=4, words=Text.of(WITHDRAWN), **gone)
        make.TopicFactory(meeting=group.meetings.get(number=1), text=Text.of(WITHDRAWN), **gone)
        make.MandateFactory(row=group.plan.rows.first(), text=Text.of(WITHDRAWN), **gone)
        make.ResponsibleAreaFactory(slug="gone", name=Text.of(WITHDRAWN), **gone)
        withdrawn = make.RevisionFactory(document__group=group, document__title=Text.of(WITHDRAWN))
        withdrawn.document.is_withdrawn = True
        withdrawn.document.save()


def _lakes(writer: User) -> WorkingGroup:
    """All of it is hidden: even what it opened to everybody waits until the group is shown."""
    names = dict.fromkeys(("name", "short_name", "place", "body__name"), Text.of(HIDDEN))
    lakes = make.whole_group(slug="lakes", is_public=False, **names)
    _write(lakes, writer, HIDDEN)
    with _quietly():
        room = make.RoomFactory(name=Text.of(SHARED))
        meeting = make.MeetingFactory(group=lakes, number=2, room=room)
        make.TopicFactory(meeting=meeting, text=Text.of(HIDDEN))
        paper = make.RevisionFactory(document__group=lakes, document__title=Text.of(HIDDEN))
        make.TopicDocumentFactory(topic=meeting.topics.get(), document=paper.document)
    make.issue(lakes, "public", by=writer)
    return lakes


def brought(group: WorkingGroup, secretary: User) -> WaitingFile:
    """A file was brought in, and another one waits to be saved."""
    with _quietly():
        make.ImportedPlanFactory(plan=group.plan)
    kept = {"kind": "txt", "sha256": "0" * 64, "language": "en", "text": {}, "anomalies": [], "places": {}}
    waiting: WaitingFile = make.WaitingFileFactory(plan=group.plan, by=secretary, brought=kept)
    return waiting


def _quietly() -> Any:
    return changes(by=None, reason="made for a test", source="command")


def url_names(resolver: URLResolver | None = None, namespace: str = "", parts: tuple[str, ...] = ()) -> dict[str, Any]:
    """The name of every address of ours, but for Django's admin, with the names of its parts."""
    found: dict[str, Any] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        more = (*parts, *entry.pattern.converters)
        if isinstance(entry, URLPattern):
            found[f"{namespace}{entry.name}"] = more
        elif entry.namespace != "admin":
            found |= url_names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, more)
    return found
