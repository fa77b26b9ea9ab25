"""Documents and their revisions; editions of a plan, what meetings did with them, and the files made of them."""

from documents.models.acts import Adoption, AtAMeeting, Confirmation, Consideration, PreparedAdoption
from documents.models.editions import Edition, EditionFile, EditionMention, Release
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
)

__all__ = [
    "SEALED",
    "Adoption",
    "AtAMeeting",
    "Confirmation",
    "Consideration",
    "Document",
    "Edition",
    "EditionFile",
    "EditionMention",
    "MeetingDocument",
    "PreparedAdoption",
    "Release",
    "Rendering",
    "Revision",
    "TopicDocument",
]
