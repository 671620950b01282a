"""Processes that a run starts, measures and stops: each by its id, with whatever it started itself."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.launch.home import ROOT

STOP_SECONDS = 40.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Of a process and its children, in bytes. `proportional` (PSS) shares out pages used by several processes."""

    resident: int
    proportional: int


class Started:
    """A process started here; its output goes to a log."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, stop_with: int = signal.SIGTERM
    ) -> None:
        self.log, self._stop_with = log, stop_with
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the benchmark alone, which stops what it started in order
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait for readiness. Raises RuntimeError with the end of the log when it doesn't come."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"{self.log.stem} did not start:\n{said}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it, and what it left behind."""
        family = tree(self.pid)
        if self.process.poll() is None:
            self.process.send_signal(self._stop_with)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        for pid in family:
            if parent(pid) is not None and os.getsid(pid) in {self.pid, pid}:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()


def parent(pid: int) -> int | None:
    """The id of the process that started this one, None when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def tree(pid: int) -> list[int]:
    """The process and everything below it."""
    parents = {int(folder.name): parent(int(folder.name)) for folder in Path("/proc").glob("[0-9]*")}
    found = [pid]
    for one in found:
        found += [child for child, above in parents.items() if above == one]
    return found


def child(pid: int, module: str) -> int:
    """The child of a process that runs `python -m MODULE`. Raises RuntimeError."""
    return children(pid, module)[0]


def children(pid: int, module: str) -> list[int]:
    """Every child of a process that runs `python -m MODULE`. Raises RuntimeError when there is none."""
    found = []
    for one in tree(pid)[1:]:
        with contextlib.suppress(OSError):
            if f"-m {module}" in Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode():
                found.append(one)
    if not found:
        raise RuntimeError(f"{module} is not running")
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """Processor time these processes have used so far."""
    used = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
    return used / _TICKS


def memory(pids: Sequence[int]) -> Memory:
    """What these processes hold now."""
    held = {"Rss:": 0, "Pss:": 0}
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, *rest = line.split()
                if name in held:
                    held[name] += int(rest[0]) * 1024
    return Memory(held["Rss:"], held["Pss:"])
