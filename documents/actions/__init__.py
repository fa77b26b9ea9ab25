"""What is done to documents: a plan's text is issued, released, considered, adopted and corrected.

Each act is one change-set and adds rows to sealed tables; none changes what is there.
"""

from documents.actions.at_a_meeting import (
    AlreadyAdopted,
    NewerEdition,
    adopt_plan,
    confirm_adoption,
    consider_plan,
    prepare_adoption,
)
from documents.actions.correcting import issue_corrigendum
from documents.actions.issuing import NothingToIssue, WorkingTextHasChanged, issue_plan, release_plan

__all__ = [
    "AlreadyAdopted",
    "NewerEdition",
    "NothingToIssue",
    "WorkingTextHasChanged",
    "adopt_plan",
    "confirm_adoption",
    "consider_plan",
    "issue_corrigendum",
    "issue_plan",
    "prepare_adoption",
    "release_plan",
]
