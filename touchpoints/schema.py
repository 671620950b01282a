"""Tables of the record. Moments are microseconds UTC (instant.py), documents are JSON text: alike in both databases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, false

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

event: Final = Table(
    "event",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("customer_key", Text),
    Column("attributes", Text, nullable=False),
    Column("erased", Boolean, nullable=False, server_default=false()),
)
Index(
    "ix_event_customer_key",
    event.c.customer_key,
    sqlite_where=event.c.customer_key.is_not(None),
    postgresql_where=event.c.customer_key.is_not(None),
)  # erasure finds a person's conversations by it

stale_conversation: Final = Table(
    "stale_conversation",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column(
        "mark", BigInteger, nullable=False
    ),  # changes with every append, so that a derivation can't clear a later one
)

interaction: Final = Table(
    "interaction",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("customer_key", Text, index=True),
    Column("started_at", BigInteger, nullable=False, index=True),
    Column("events_from", BigInteger, nullable=False),  # of the whole conversation: which moments the row holds for
    Column("events_until", BigInteger, nullable=False, index=True),
    Column("facts", Text, nullable=False),
    # the derivation that wrote the row: columns kept elsewhere (columns/) read what is newer than they are
    Column("change", BigInteger, nullable=False, index=True, server_default="0"),
)

segment: Final = Table(
    "segment",
    metadata,
    Column("until_change", BigInteger, primary_key=True, autoincrement=False),
    Column("rows", Integer, nullable=False),
    Column("replaces", Integer, nullable=False),  # rows of earlier segments that it says anew
    Column("words", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

derivation: Final = Table(
    "derivation",
    metadata,
    Column(
        "id", Integer, primary_key=True
    ),  # one row: a lock for derivations, and what the stored rows were derived with
    Column("config_version", Text, nullable=False),
    Column("change", BigInteger, nullable=False, server_default="0"),
    Column("unpacked", Integer, nullable=False, server_default="0"),  # rows written since the last segment
    Column("replaced", Integer, nullable=False, server_default="0"),  # and packed ones deleted since
)

configuration: Final = Table(
    "configuration",
    metadata,
    Column("version", Text, primary_key=True),
    Column("saved_at", BigInteger, nullable=False),  # for the first time
    Column("document", Text, nullable=False),
)

configuration_saved: Final = Table(
    "configuration_saved",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("version", Text, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("saved_by", Text),
)
