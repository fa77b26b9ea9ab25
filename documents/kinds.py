"""How papers are told and undone; and the register of all kinds of things, for histories and for undoing."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.actions.filing import file_stays
from documents.actions.registering import LINKS_OF_PAPER, issued_stays, symbol_stays
from documents.models import (
    Adoption,
    Care,
    Confirmation,
    Consideration,
    Contribution,
    Document,
    DocumentLink,
    Edition,
    MandateDocument,
    MeetingDocument,
    NumberPattern,
    PreparedAdoption,
    Release,
    Revision,
    RevisionFile,
    TopicDocument,
)
from documents.models.contributions import TOLD
from mandates import kinds as plan_kinds
from mandates.actions import symbol_in_use, symbol_withdrawn
from mandates.kinds import edits
from mandates.models import Mandate, WorkingGroup
from mandates.models.plan import POSITION_GAP
from mandates.permissions import can_compile, can_register
from meetings import kinds as calendar_kinds
from meetings.models import Meeting, Topic
from mispa.ground.kinds import Kind, Register, SealedKind
from mispa.ground.links import Beside, Links

if TYPE_CHECKING:
    from mispa.ground.models import User

_PAPERS = gettext_lazy("papers")


def _prepares(role: MandateDocument.Role) -> Links:
    return Links(MandateDocument, "mandate", ["document_id"], role.label, POSITION_GAP, kind={"role": role})


# What a higher app sets beside things of a lower one.
_BESIDES: dict[type, dict[str, Beside]] = {
    Mandate: {f"papers-{role.name.lower()}": _prepares(role) for role in MandateDocument.Role},
    Meeting: {"papers": Links(MeetingDocument, "meeting", ["revision_id"], _PAPERS, POSITION_GAP)},
    Topic: {"papers": Links(TopicDocument, "topic", ["document_id"], _PAPERS, POSITION_GAP)},
}


def _revision_may_be(revision: Any, by: "User | None") -> None:
    issued_stays(revision)
    symbol_stays(revision)


def _file_may_be(file_row: Any, by: "User | None") -> None:
    file_stays(file_row)


def _file_may_go(file_row: Any) -> tuple[()]:
    """Nothing holds a file, but that its paper is issued. Raises ValidationError."""
    file_stays(file_row)
    return ()


def _paper_may_be(document: Any, by: "User | None") -> None:
    symbol_stays(document)


_OWN = (
    Kind(
        model=Document,
        groups=("group",),
        noun="documents:document",
        related=("plan",),
        besides=LINKS_OF_PAPER,
        may_edit=can_register,
        check=_paper_may_be,
    ),
    Kind(
        model=DocumentLink,
        groups=("document__group",),
        related=("document", "other"),
        owners=("document",),
        may_edit=can_register,
    ),
    Kind(model=NumberPattern, groups=("group",), noun="documents:numbering", may_edit=can_register),
    Kind(
        model=Revision,
        groups=("document__group",),
        noun="documents:revision",
        related=("symbol",),
        may_edit=can_register,
        check=_revision_may_be,
        withdrawn=symbol_withdrawn,
        restored=symbol_in_use,
    ),
    Kind(
        model=RevisionFile,
        groups=("revision__document__group",),
        noun="documents:file",
        may_edit=can_register,
        check=_file_may_be,
        needed=_file_may_go,
    ),
    Kind(
        model=MeetingDocument,
        groups=("meeting__group",),
        related=("revision__symbol",),
        owners=("meeting",),
        may_edit=edits,
    ),
    Kind(
        model=TopicDocument,
        groups=("topic__meeting__group",),
        related=("document",),
        owners=("topic",),
        may_edit=edits,
    ),
    Kind(
        model=MandateDocument,
        groups=("mandate__row__plan__group",),
        related=("document",),
        owners=("mandate",),
        may_edit=edits,
    ),
    Kind(model=PreparedAdoption, groups=("edition__plan__group",), may_edit=edits, is_lasting=True),
    Kind(model=Care, groups=("group",), may_edit=edits),
    # What a delegation writes is its own until it hands it in.
    Kind(
        model=Contribution,
        groups=("delegation__group",),
        noun="documents:contribution",
        may_edit=can_compile,
        by_acts=True,
        told=TOLD,
        is_shown=lambda contribution: contribution.is_handed_in,
    ),
)


def _with_papers(kind: Kind) -> Kind:
    return replace(kind, besides={**kind.besides, **_BESIDES.get(kind.model, {})})


def _edition_words(edition: Edition) -> str:
    return _("%(edition)s issued") % {"edition": edition}


def _release_words(release: Release) -> str:
    names = {"edition": release.edition, "audience": release.get_audience_display()}
    return _("%(edition)s opened to %(audience)s") % names


def _consideration_words(consideration: Consideration) -> str:
    return _("%(edition)s considered") % {"edition": consideration.edition}


def _adoption_words(adoption: Adoption) -> str:
    return _("%(edition)s adopted %(how)s") % {"edition": adoption.edition, "how": adoption.get_how_display()}


def _confirmation_words(confirmation: Confirmation) -> str:
    return _("adoption of %(edition)s confirmed") % {"edition": confirmation.adoption.edition}


def _of_edition(act: Any) -> str:
    return str(act.edition.get_absolute_url())


_SEALED = (
    SealedKind(model=Edition, group="plan__group", words=_edition_words, url=Edition.get_absolute_url),
    SealedKind(
        model=Release, group="edition__plan__group", related=("edition",), words=_release_words, url=_of_edition
    ),
    SealedKind(
        model=Consideration,
        group="edition__plan__group",
        related=("edition", "meeting"),
        words=_consideration_words,
        url=_of_edition,
    ),
    SealedKind(
        model=Adoption, group="edition__plan__group", related=("edition",), words=_adoption_words, url=_of_edition
    ),
    SealedKind(
        model=Confirmation,
        group="adoption__edition__plan__group",
        related=("adoption__edition",),
        words=_confirmation_words,
        url=lambda act: _of_edition(act.adoption),
    ),
)


def _knows(user: "User", group: WorkingGroup) -> bool:
    return bool(WorkingGroup.objects.visible_to(user).filter(pk=group.pk).exists())


REGISTER = Register(
    kinds=tuple(map(_with_papers, (*plan_kinds.KINDS, *calendar_kinds.KINDS, *_OWN))), sealed=_SEALED, knows=_knows
)
