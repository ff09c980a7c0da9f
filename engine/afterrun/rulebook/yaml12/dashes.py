"""Where a list begins whose first entry lacks its dash."""

from __future__ import annotations


def first_without_dash(lines: list[str], row: int) -> int | None:
    """The row that should begin the list to which the dash in some row belongs, if it lacks its own.

    >>> first_without_dash(["all:", "    far", "  - near"], 2)
    1
    >>> first_without_dash(["all:", "  - far", "  - near"], 2) is None
    True
    """
    column, top = indent_of(lines[row]), None
    for place in range(row - 1, -1, -1):
        line = lines[place]
        if line.strip() and not line.lstrip().startswith(("#", "---")):
            if indent_of(line) < column:
                break
            if indent_of(line) == column and line.lstrip().startswith("- "):
                return None
            top = place
    return top if top is not None and indent_of(lines[top]) in (column, column + 2) else None


def dash_after(lines: list[str], row: int) -> int | None:
    """The row of the next dash that stands where a row begins, before anything further out."""
    column = indent_of(lines[row])
    for place in range(row + 1, len(lines)):
        line = lines[place]
        if line.strip() and not line.lstrip().startswith("#") and indent_of(line) <= column:
            return place if indent_of(line) == column and line.lstrip().startswith("- ") else None
    return None


def indent_of(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip(" "))
