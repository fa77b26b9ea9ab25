"""One search over everything that can be found, on both databases.

`words` say what is compared, `sources` what can be found and by whom, `indexing` writes the table, `finding` asks it.
"""
