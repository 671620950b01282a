"""Closed vocabularies of the CX side; what a brand may change lives in dated entries instead."""

from __future__ import annotations

from typing import Final, Literal, get_args

from touchpoints.vocabulary import STAGES, Stage

Pillar = Literal["integrity", "resolution", "expectations", "empathy", "personalisation", "time_and_effort"]
"""The Six Pillars are KPMG's; here they only sort evidence."""
PILLARS: Final = get_args(Pillar)
ContactRelation = Literal["direct", "indirect", "unknown"]
EncounterMode = Literal["interaction", "exposure", "unknown"]
OfferingStage = Literal["commodity", "good", "service", "experience", "unknown"]
"""After Pine and Gilmore's four economic offerings."""
Level = Literal["service_tactic", "cx_strategy"]
ActionType = Literal["technology", "process", "strategy", "design"]
Direction = Literal["at_least", "at_most"]
Unit = Literal["%", "points", "s", "n", "mean"]
PromiseStatus = Literal["kept", "not_kept", "uncertain", "not_measured"]
JOURNEY: Final[tuple[Stage, ...]] = tuple(stage for stage in STAGES if stage != "unknown")
"""The stages that make columns of the coverage map."""
NPS: Final = "nps"
TNPS: Final = "tnps"
"""An NPS asked after a transaction: another question, which never stands in for the relational one."""
