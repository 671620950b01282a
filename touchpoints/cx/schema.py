"""Tables of the CX side. Moments are microseconds UTC; days of the brand's calendar are ISO texts and sort as such."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, false

from touchpoints.schema import metadata

dated_entry: Final = Table(
    "dated_entry",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("valid_from", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("document", Text, nullable=False),
)

observation: Final = Table(
    "observation",
    metadata,
    Column("key", Text, primary_key=True),  # digest of what is observed; other content under it is a new revision
    Column("revision", Integer, primary_key=True),
    Column("current", Boolean, nullable=False),
    Column("metric_id", Text, nullable=False),
    Column("period_start", Text, nullable=False),
    Column("period_end", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("document", Text, nullable=False),
)
Index("ix_observation_period_end", observation.c.period_end, observation.c.current)

customer_order: Final = Table(
    "customer_order",
    metadata,
    Column("order_ref", Text, primary_key=True),
    Column("customer_key", Text, nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
)
