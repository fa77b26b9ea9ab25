"""A text that is sealed: its shape, its seal, and the record of what was done with it."""
