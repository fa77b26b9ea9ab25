"""What is done to documents: a plan's text is issued, released, considered, adopted and corrected; papers are
registered, issued and tied.

Each act is one change-set. What is done to a text adds rows to sealed tables and changes nothing that is there.
"""

from documents.actions.at_a_meeting import (
    AlreadyAdopted,
    NewerEdition,
    PreparedMeanwhile,
    adopt_plan,
    confirm_adoption,
    consider_plan,
    prepare_adoption,
)
from documents.actions.caring import DecidedMeanwhile, accept_finding, ask_finding_again, give_finding
from documents.actions.correcting import issue_corrigendum
from documents.actions.filing import add_file, restore_file, revise_file, withdraw_file
from documents.actions.issuing import NothingToIssue, WorkingTextHasChanged, issue_plan, release_plan
from documents.actions.registering import (
    KnownPaper,
    add_revision,
    create_numbering,
    issue_revision,
    register_paper,
    restore_numbering,
    restore_paper,
    restore_revision,
    revise_numbering,
    revise_paper,
    revise_revision,
    withdraw_numbering,
    withdraw_paper,
    withdraw_revision,
)
from documents.actions.tying import revise_papers_of_mandate, revise_papers_of_topic

__all__ = [
    "AlreadyAdopted",
    "DecidedMeanwhile",
    "KnownPaper",
    "NewerEdition",
    "NothingToIssue",
    "PreparedMeanwhile",
    "WorkingTextHasChanged",
    "accept_finding",
    "add_file",
    "add_revision",
    "adopt_plan",
    "ask_finding_again",
    "confirm_adoption",
    "consider_plan",
    "create_numbering",
    "give_finding",
    "issue_corrigendum",
    "issue_plan",
    "issue_revision",
    "prepare_adoption",
    "register_paper",
    "release_plan",
    "restore_file",
    "restore_numbering",
    "restore_paper",
    "restore_revision",
    "revise_file",
    "revise_numbering",
    "revise_paper",
    "revise_papers_of_mandate",
    "revise_papers_of_topic",
    "revise_revision",
    "withdraw_file",
    "withdraw_numbering",
    "withdraw_paper",
    "withdraw_revision",
]
