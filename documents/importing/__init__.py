"""A plan is brought in from a file: read, compared with what stands, and saved as one change-set."""
