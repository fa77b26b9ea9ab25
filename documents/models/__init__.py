"""Documents, their revisions and what they are for; editions of a plan, what meetings did with them, their files."""

from documents.models.acts import Adoption, AtAMeeting, Confirmation, Consideration, PreparedAdoption
from documents.models.coverage import MandateDocument
from documents.models.editions import Edition, EditionFile, EditionMention, Release
from documents.models.feeds import PersonalFeed
from documents.models.following import Bundle, BundledChange, Follow, ReadUntil
from documents.models.gaps import Care
from documents.models.importing import ImportedPlan, WaitingFile
from documents.models.papers import Document, MeetingDocument, Revision, TopicDocument
from documents.models.rendering import Rendering

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

__all__ = [
    "SEALED",
    "Adoption",
    "AtAMeeting",
    "Bundle",
    "BundledChange",
    "Care",
    "Confirmation",
    "Consideration",
    "Document",
    "Edition",
    "EditionFile",
    "EditionMention",
    "Follow",
    "ImportedPlan",
    "MandateDocument",
    "MeetingDocument",
    "PersonalFeed",
    "PreparedAdoption",
    "ReadUntil",
    "Release",
    "Rendering",
    "Revision",
    "TopicDocument",
    "WaitingFile",
]
