"""An editor with a YAML language server: what it offers, shows and flags where the cursor stands."""

from __future__ import annotations

import json
import subprocess
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.support.paths import ROOT

SERVER = ROOT / ".cache/yaml-language-server/node_modules/yaml-language-server/bin/yaml-language-server"
CURSOR = "¦"
_SETTINGS = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}


class Editor:
    """Opens texts as files of a folder and asks about them, over the server's standard input and output."""

    def __init__(self, folder: Path) -> None:
        if not SERVER.is_file():
            pytest.skip(
                "no language server here (make .cache/yaml-language-server fetches it): none was asked"
            )
        self._folder = folder.as_uri()
        self._numbers = count(1)
        self._flagged: dict[str, list[Any]] = {}
        command = ["node", str(SERVER), "--stdio"]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        markdown = {"completionItem": {"documentationFormat": ["markdown"]}}
        can = {"textDocument": {"completion": markdown}, "workspace": {"configuration": True}}
        self._ask("initialize", {"processId": None, "rootUri": self._folder, "capabilities": can})
        self._tell("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.kill()
        self._server.communicate()

    def offered(self, file: str, text: str) -> dict[str, str]:
        """What may be written at the cursor, each with what is said of it."""
        found = self._ask("textDocument/completion", self._at_cursor(file, text))
        return {each["label"]: _words(each.get("documentation", "")) for each in found["items"]}

    def shown(self, file: str, text: str) -> str:
        """What is shown of the word under the cursor."""
        return _words(
            (self._ask("textDocument/hover", self._at_cursor(file, text)) or {}).get("contents", "")
        )

    def flagged(self, file: str, text: str) -> list[tuple[str, str]]:
        """Each place that is flagged, as its text, and what is said of it."""
        address = self._open(file, text)
        while address not in self._flagged:
            self._read()
        lines = text.splitlines()
        return [(_cut(lines, each["range"]), each["message"]) for each in self._flagged.pop(address)]

    def _at_cursor(self, file: str, text: str) -> dict[str, Any]:
        before, _, after = text.partition(CURSOR)
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return {"textDocument": {"uri": self._open(file, before + after)}, "position": place}

    def _open(self, file: str, text: str) -> str:
        number = next(self._numbers)
        # Each text is another file, so that nothing said of one is taken for the next.
        address = f"{self._folder}/{file.replace('.yaml', f'-{number}.yaml')}"
        opened = {"uri": address, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": opened})
        return address

    def _tell(self, method: str, said: dict[str, Any]) -> None:
        self._send({"method": method, "params": said})

    def _ask(self, method: str, asked: dict[str, Any]) -> Any:
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": asked})
        while True:
            told = self._read()
            if told.get("id") == number and "method" not in told:
                return told["result"]

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._server.stdout
        size = 0
        while header := self._server.stdout.readline().strip():
            name, _, value = header.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        assert size, "the language server has ended"
        told: dict[str, Any] = json.loads(self._server.stdout.read(size))
        if told.get("method") == "textDocument/publishDiagnostics":
            self._flagged[told["params"]["uri"]] = told["params"]["diagnostics"]
        elif told.get("method") == "workspace/configuration":
            asked = told["params"]["items"]
            answers = [_SETTINGS if each.get("section") == "yaml" else None for each in asked]
            self._send({"id": told["id"], "result": answers})
        elif "method" in told and "id" in told:
            self._send({"id": told["id"], "result": None})
        return told


def _words(said: Any) -> str:
    return said["value"] if isinstance(said, dict) else str(said)


def _cut(lines: list[str], span: dict[str, dict[str, int]]) -> str:
    """The text of a place within one line."""
    return lines[span["start"]["line"]][span["start"]["character"] : span["end"]["character"]]
