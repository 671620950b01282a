"""A lead's pages over a long history: in a new process, after a new contact, and again; what they weigh."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Final

from bench.dashboard import home
from bench.dashboard.pages import Lead, Shown, serving
from bench.table import table
from desk.dashboard.view import VIEWS
from desk.launch.home import ROOT
from knowledge import encoder_build

FOLDER: Final = ROOT / "var" / "bench"
CONTACTS: Final = 1_000_000
QUICK: Final = 50_000
AGAIN: Final = 5
COLD_S, WARM_S, WEIGHT_KB = 1.0, 0.15, 200
PAGES: Final = (
    *(view.path for view in VIEWS),
    "/dashboard/service?by=contact_reason",
    "/dashboard/interactions?metric=failure_demand&part=numerator",
    "/dashboard/report",
    "/strategy",
)

Say = Callable[[str], None]


def figures(quick: bool, say: Say) -> str:
    """The suite's figures as Markdown."""
    encoder = FOLDER / "home" / "encoder"
    if not (encoder / encoder_build.MANIFEST).exists():
        encoder_build.build(encoder, say)
    contacts = QUICK if quick else CONTACTS
    chosen, password = home.make(FOLDER / f"lead-{contacts}", contacts, encoder, say)
    rows = []
    for address in PAGES:
        with serving(chosen) as url, Lead(url, password) as lead:
            first = lead.open(address)
            changed, again = [], []
            for number in range(AGAIN):
                home.happens(chosen, number)
                changed.append(lead.open(address).seconds)
                again += [lead.open(address).seconds for _ in range(AGAIN)]
        rows.append(_row(address, first, statistics.median(changed), statistics.median(again)))
        say(" · ".join(rows[-1]))
    columns = (
        "page",
        f"first in a new process (aim {COLD_S:g} s)",
        "after a new contact",
        f"again (aim {WARM_S * 1000:g} ms)",
        f"page, KB (aim {WEIGHT_KB})",
        "on the wire, KB",
    )
    return f"### {contacts:,} contacts, four weeks of them asked about\n\n{table(columns, rows)}"


def _row(address: str, first: Shown, changed: float, again: float) -> list[str]:
    times = [f"{first.seconds:.2f} s", f"{changed:.2f} s", f"{again * 1000:.0f} ms"]
    return [f"`{address}`", *times, f"{first.bytes / 1000:.0f}", f"{first.packed / 1000:.0f}"]
