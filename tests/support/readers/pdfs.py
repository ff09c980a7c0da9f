"""PDFs as a printer meets them: how many pages, and of which size."""

from __future__ import annotations

import re
import zlib

from tests.support.web.pages import Page


def page_count(pdf: bytes) -> int:
    """Pages of a PDF, whether its objects are packed or not."""
    return len(re.findall(rb"/Type\s*/Page\b", _unpacked(pdf)))


def page_width(pdf: bytes) -> float:
    """Width of the first page, in points."""
    found = re.search(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ", _unpacked(pdf))
    assert found is not None
    return float(found[1])


def lost_on_paper(screen: str, paper: str) -> set[str]:
    """What of a page for the screen a page for paper says nowhere: words between tags, white space folded."""
    on_paper = Page(paper).text
    words = {" ".join(each.split()) for each in Page(screen).words}
    return {each for each in words if each and each not in on_paper}


def _unpacked(pdf: bytes) -> bytes:
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            # The last byte of a sum may look like an end of line, and is none.
            parts.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def first_links(pdf: bytes) -> list[str]:
    """The link nearest to the top of each page that has one, of a PDF whose objects are not packed."""
    objects = {int(each[1]): each[2] for each in re.finditer(rb"(\d+) 0 obj(.*?)endobj", pdf, re.DOTALL)}
    first = []
    for page in objects.values():
        links = re.search(rb"/Annots\s*\[(.*?)\]", page, re.DOTALL)
        found = [objects[int(each)] for each in re.findall(rb"(\d+) 0 R", links[1])] if links else []
        places = [
            (float(rect[1].split()[3]), address[1].decode())
            for each in found
            if (rect := re.search(rb"/Rect\s*\[(.*?)\]", each))
            and (address := re.search(rb"/URI\s*\((.*?)\)", each))
        ]
        first += [max(places)[1]] if places else []
    return first
