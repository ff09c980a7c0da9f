"""Peers that run outside Python: they keep the same protocol and print the same JSON."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Outside(NamedTuple):
    """What the table says of it, and its command but for the folder (`{folder}`, `{cache}`)."""

    name: str
    kind: str
    explains: str
    missing: str
    command: tuple[str, ...]
    three_valued: bool = False


def _node(peer: str) -> tuple[str, ...]:
    return ("node", str(HERE / "nodejs/child.mjs"), peer, "{folder}", "{cache}/node")


def _drools(mode: str) -> tuple[str, ...]:
    return ("{cache}/venv/bin/python", "-m", "benchmarks.peers.drools", "{folder}", mode)


PEERS = (
    Outside(
        "json-logic-engine, compiled",
        "compiled (JavaScript)",
        "no",
        "undefined: a 'no'",
        _node("json_logic"),
    ),
    Outside(
        "json-rules-engine",
        "forward chaining by priority (JavaScript)",
        "each rule's conditions with their outcomes",
        "an error, or undefined if so configured: a 'no'",
        _node("json_rules"),
    ),
    Outside(
        "Drools (the jar of drools_jpy), from Java",
        "forward chaining (Rete/Phreak, Java)",
        "no",
        "a 'no' (negation as failure)",
        _drools("plain"),
    ),
    Outside(
        "Drools with a listener, from Java",
        "forward chaining (Rete/Phreak, Java)",
        "each rule that fired with the facts it matched; not what an absence stood on",
        "a 'no' (negation as failure)",
        _drools("listener"),
    ),
)
