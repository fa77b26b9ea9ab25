"""Whether what somebody holds is what was sealed, and whether everything sealed is still as it was."""
