"""Documents, their revisions and what they are for; editions of a plan, what meetings did with them, their files."""

from documents.models.acts import Adoption, AtAMeeting, Confirmation, Consideration, PreparedAdoption
from documents.models.contributions import Contribution
from documents.models.coverage import MandateDocument
from documents.models.editions import Edition, EditionFile, EditionMention, Release
from documents.models.feeds import PersonalFeed
from documents.models.files import FileKind, FileText, RevisionFile, StoredFile
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
    "documents_storedfile",
)

# From a state on, the database refuses to change these columns of a row, and to delete it (`mispa.ground.freezing`).
FROZEN = {
    "documents_contribution": (
        "OLD.state = 'accepted'",
        (
            *("delegation_id", "pillar_id", "title", "text", "language", "stored_id", "file_name", "file_kind"),
            *("may_be_public", "state", "submitted_at", "accepted_at"),
        ),
    ),
    "documents_revision": (
        "OLD.state = 'issued'",
        ("document_id", "symbol_id", "position", "state", "title", "dated", "issued_on", "languages"),
    ),
    "documents_revisionfile": (
        "OLD.is_issued",
        ("revision_id", "language", "kind", "name", "stored_id", "is_issued", "is_withdrawn"),
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
    "Contribution",
    "Document",
    "DocumentLink",
    "Edition",
    "EditionFile",
    "EditionMention",
    "FileKind",
    "FileText",
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
    "RevisionFile",
    "SearchEntry",
    "StoredFile",
    "TopicDocument",
    "WaitingFile",
]
