"""Spark on this machine alone: a master with a worker, and a Connect server, on 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

HERE = "127.0.0.1"
_SECONDS_TO_BEGIN = 240
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For processes of Java that live for seconds."""


def lacking() -> str:
    """What is missing to run Spark here, and how to have it; empty where nothing is."""
    if shutil.which("java") is None:
        return "no Java: apt-get install openjdk-17-jre-headless"
    modules = ("pyspark", "pyarrow", "pandas", "grpc")
    if missing := [each for each in modules if find_spec(each) is None]:
        return f"no {', '.join(missing)}: pip install 'afterrun[spark]'"
    return ""


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    """A master and a worker of two cores; gives the master's address."""
    port = free_port()
    address = f"spark://{HERE}:{port}"
    with (
        _java(folder, port, "org.apache.spark.deploy.master.Master", "--host", HERE, "--port", str(port)),
        _java(
            folder, 0, "org.apache.spark.deploy.worker.Worker", "--host", HERE, "-c", "2", "-m", "1g", address
        ),
    ):
        yield address


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """A Spark Connect server that works by itself; gives its address."""
    port = free_port()
    options = {
        "spark.connect.grpc.binding.address": HERE,
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": HERE,
        "spark.driver.bindAddress": HERE,
        "spark.ui.enabled": "false",
    }
    told = [word for name, value in options.items() for word in ("--conf", f"{name}={value}")]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    with _begun(
        folder, port, "spark-submit", "--master", "local[2]", *told, "--class", server, "spark-internal"
    ):
        yield f"sc://{HERE}:{port}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as each:
        each.bind((HERE, 0))
        port: int = each.getsockname()[1]
    return port


@contextmanager
def _java(folder: Path, port: int, kind: str, *words: str) -> Iterator[None]:
    with _begun(folder, port, "spark-class", kind, *words, "--webui-port", "0"):
        yield


@contextmanager
def _begun(folder: Path, port: int, command: str, *words: str) -> Iterator[None]:
    """A server of Spark while it is wanted; it listens at the port once we go on."""
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    surroundings = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HERE,
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder),
        "JDK_JAVA_OPTIONS": QUICK,
    }
    with (folder / f"{command}-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(home / "bin" / command), *words], env=surroundings, stdout=log, stderr=log, cwd=folder
        )
        try:
            _wait_for(port, process)
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS_TO_BEGIN
    while port:
        assert process.poll() is None, f"{process.args!r} ended"
        assert time.monotonic() < until, f"{process.args!r} does not listen"
        with suppress(OSError), socket.create_connection((HERE, port), 1):
            return
        time.sleep(0.1)
