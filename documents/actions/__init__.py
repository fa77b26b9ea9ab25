"""What is done to documents: a plan's text is issued, released, considered, adopted and corrected; papers are tied.

Each act is one change-set. What is done to a text adds rows to sealed tables and changes nothing that is there.
"""

from documents.actions.at_a_meeting import (
    AlreadyAdopted,
    NewerEdition,
    adopt_plan,
    confirm_adoption,
    consider_plan,
    prepare_adoption,
)
from documents.actions.caring import DecidedMeanwhile, accept_finding, ask_finding_again, give_finding
from documents.actions.correcting import issue_corrigendum
from documents.actions.issuing import NothingToIssue, WorkingTextHasChanged, issue_plan, release_plan
from documents.actions.tying import revise_papers_of_mandate, revise_papers_of_topic

__all__ = [
    "AlreadyAdopted",
    "DecidedMeanwhile",
    "NewerEdition",
    "NothingToIssue",
    "WorkingTextHasChanged",
    "accept_finding",
    "adopt_plan",
    "ask_finding_again",
    "confirm_adoption",
    "consider_plan",
    "give_finding",
    "issue_corrigendum",
    "issue_plan",
    "prepare_adoption",
    "release_plan",
    "revise_papers_of_mandate",
    "revise_papers_of_topic",
]
