"""The files of a text: what they say, how they are made as PDF and Word file, and how they are kept."""
