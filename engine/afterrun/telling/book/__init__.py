"""The rulebook as a book: every rule in plain words, where it comes from, and what hangs on it.

Rulebook  ->  entries, graph  ->  site: the pages of a static site
                              ->  shelf: a leaf for each thing told of  ->  search
"""
