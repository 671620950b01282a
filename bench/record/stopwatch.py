"""Wall time and the process' own time, side by side."""

from __future__ import annotations

import time
from types import TracebackType


class Stopwatch:
    """`with Stopwatch() as took:` then `took.cpu` and `took.wall`, in seconds."""

    wall = cpu = 0.0

    def __enter__(self) -> Stopwatch:
        self._begun = time.perf_counter(), time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall = time.perf_counter() - self._begun[0]
        self.cpu = time.process_time() - self._begun[1]

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s ({self.wall:.2f} s wall)"
