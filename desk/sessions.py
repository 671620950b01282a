"""Widget sessions: which conversation a browser's token opens, and what a customer's sign-in on the site changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from desk import catalogue, clock, identity
from desk.brand import Brand
from desk.errors import NotSignedIn
from desk.settings import Settings
from desk.store import threads
from desk.store.database import Database
from desk.store.threads import Thread


@dataclass
class Sessions:
    """Opens and finds the sessions of customers."""

    database: Database
    settings: Settings
    brand: Brand
    secret: bytes
    now: clock.Clock = clock.now

    async def open(self, *, locale: str | None, page: str, token: str | None, user_jwt: str | None) -> dict[str, Any]:
        """The answer on the wire: a token for the conversation this browser or this customer has, or a new one.

        A known token goes on being good; a userJwt ties the conversation to the customer it names.
        """
        subject = identity.verify(user_jwt, self.settings.jwt_secret) if user_jwt else None
        key = identity.customer_key(self.secret, subject) if subject else None
        spoken = catalogue.pick(*[one for one in (locale,) if one and one[:2] in self.brand.languages])
        if spoken not in self.brand.languages:
            spoken = self.brand.languages[0]

        def opened(conn: Connection) -> tuple[Thread, str, datetime]:
            at = self.now()
            expires = at + timedelta(days=self.settings.session_days)
            held = threads.thread_of(conn, token, at) if token else None
            thread = self._thread_for(conn, held, key, spoken, page, at)
            if held is not None and held.id == thread.id and token is not None:
                threads.prolong(conn, token, expires)
                return thread, token, expires
            return thread, threads.open_session(conn, thread.id, expires), expires

        thread, bearer, expires = await self.database.write(opened)
        return {
            "token": bearer,
            "expires_at": clock.iso(expires),
            "last_seq": thread.message_seq,
            "brand": {
                "name": self.brand.name,
                "notice": self.brand.notice(spoken),
                "accent": self.brand.accent,
                "languages": list(self.brand.languages),
                "privacy_url": f"{self.settings.url}/privacy?lang={spoken}",
                "demo": self.settings.demo,
            },
        }

    def _thread_for(
        self, conn: Connection, held: Thread | None, key: str | None, locale: str, page: str, at: datetime
    ) -> Thread:
        """The conversation to go on with: the browser's own, the signed-in customer's, or a new one."""
        if held is not None and (key is None or held.customer_key == key):
            return held
        if key is not None:
            known = threads.latest_of(conn, key)
            if held is not None and held.key_strength == "device" and (known is None or held.event_seq > 0):
                held = threads.load(conn, held.id)  # locked from here: the first message may be on its way
                held.customer_key, held.key_strength = key, "authenticated"
                if held.event_seq:
                    identified = {"type": "customer.identified", "customer_key": key, "key_strength": "authenticated"}
                    held.record(at, identified)
                threads.save(conn, held)
                return held
            if known is not None:
                return known
        strength = "device" if key is None else "authenticated"
        return threads.create(
            conn, customer_key=key or identity.device_key(), key_strength=strength, locale=locale, page=page, at=at
        )

    async def find(self, token: str) -> Thread:
        """The conversation a token opens. Raises NotSignedIn."""
        thread = await self.database.read(lambda conn: threads.thread_of(conn, token, self.now()))
        if thread is None:
            raise NotSignedIn("unknown or expired session", code="unknown_session")
        return thread
