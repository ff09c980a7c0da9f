"""What is versioned apart from the rules: the shape of what is read and told, and the program itself.

A rulebook's own version stands in its knowledge/rulebook.yaml. Every result carries all three.
"""

ENGINE = "0.2.0"
"""Of the program: the package's version, which is read from here."""

SCHEMA = "1.0.0"
"""Of the published shapes: files of a rulebook, intakes and check-ins, results, the columns of batches.

patch: they are worded otherwise; minor: they have more than before; major: something is gone, is narrower,
or must newly be there. Held to `released/schema-*.json`, the shapes as they were released.
"""
