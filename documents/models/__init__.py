"""Documents, their revisions and what they are for; editions of a plan, what meetings did with them, their files."""

from documents.models.acts import Adoption, AtAMeeting, Confirmation, Consideration, PreparedAdoption
from documents.models.coverage import MandateDocument
from documents.models.editions import Edition, EditionFile, EditionMention, Release
from documents.models.feeds import PersonalFeed
from documents.models.following import Bundle, BundledChange, Follow, ReadUntil
from documents.models.gaps import Care
from documents.models.importing import ImportedPlan, WaitingFile
from documents.models.papers import Document, MeetingDocument, Revision, TopicDocument
from documents.models.register import DocumentLink, NumberPattern
from documents.models.rendering import Rendering
from documents.models.searching import SearchEntry

# The database refuses to change or delete the rows of these tables (`mispa.ground.sealing`).
SEALED = (
    "documents_edition",
    "documents_editionmention",
    "documents_release",
    "documents_editionfile",
    "documents_consideration",
    "documents_adoption",
    "documents_confirmation",
    "documents_importedplan",
)

# From a state on, the database refuses to change these columns of a row, and to delete it (`mispa.ground.freezing`).
FROZEN = {
    "documents_revision": (
        "OLD.state = 'issued'",
        ("document_id", "symbol_id", "position", "state", "title", "dated", "issued_on", "languages"),
    ),
    "mandates_registeredsymbol": ("OLD.canonical IS NOT NULL", ("canonical", "slug")),
}

__all__ = [
    "FROZEN",
    "SEALED",
    "Adoption",
    "AtAMeeting",
    "Bundle",
    "BundledChange",
    "Care",
    "Confirmation",
    "Consideration",
    "Document",
    "DocumentLink",
    "Edition",
    "EditionFile",
    "EditionMention",
    "Follow",
    "ImportedPlan",
    "MandateDocument",
    "MeetingDocument",
    "NumberPattern",
    "PersonalFeed",
    "PreparedAdoption",
    "ReadUntil",
    "Release",
    "Rendering",
    "Revision",
    "SearchEntry",
    "TopicDocument",
    "WaitingFile",
]
