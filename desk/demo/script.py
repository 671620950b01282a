"""One simulated conversation, event by event, in the order the desk itself records them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from desk.demo import voices
from desk.demo.voices import Question, Reason
from touchpoints.configuration import Configuration

Event = dict[str, Any]
AGENTS: Final = ("Giulia", "Marco")
CALLBACK: Final = timedelta(hours=4)


@dataclass(frozen=True)
class Customer:
    """Who writes: a pseudonym, how surely it is known, and in which language."""

    key: str | None
    strength: str
    language: str
    lifecycle: str


@dataclass
class Script:
    """Writes a conversation's events while its clock runs."""

    rng: Random
    calendar: Configuration
    id: str
    at: datetime
    customer: Customer
    events: list[Event] = field(default_factory=list)

    @property
    def words(self) -> dict[str, Any]:
        return voices.words(self.customer.language)

    def add(self, type_: str, **attributes: Any) -> None:
        said = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        seq = len(self.events) + 1
        self.events.append({"conversation_id": self.id, "seq": seq, "at": said, "type": type_, **attributes})

    def wait(self, least: float, most: float) -> None:
        """Let between so many seconds pass."""
        self.at += timedelta(seconds=round(self.rng.uniform(least, most), 1))

    def begin(self) -> None:
        self.add(
            "conversation.started",
            customer_key=self.customer.key,
            key_strength=self.customer.strength,
            channel="chat",
            touchpoint_type="chat",
            environment="digital",
            entry_page=self.rng.choice(("/shop", "/shop", "/help", "/shop/basket")),
            language=self.customer.language,
            customer_lifecycle=self.customer.lifecycle,
        )

    def says(self, text: str) -> None:
        self.add("message.customer", text=text)

    def reads(self, reason: Reason | None, entity: str | None, intent: str = "ask_question") -> None:
        """What the assistant made of the latest message."""
        self.wait(0.4, 1.2)
        known: Event = {}
        if reason:
            known = {"reason": reason.name, "journey_stage": self.calendar.reasons[reason.name].stage}
        if entity:
            known["entity_ref"] = entity
        confidence = round(self.rng.uniform(0.63, 0.97), 3)
        self.add("reading", intent=intent, confidence=confidence, language=self.customer.language, **known)

    def replies(self, kind: str, text: str, article: str | None = None, used_context: bool = False) -> None:
        cited = []
        if article:
            version = voices.answer(article, self.customer.language).updated
            score = round(self.rng.uniform(0.71, 0.94), 3)
            cited = [{"article_id": article, "version": version, "passage": 0, "score": score}]
        self.add("message.bot", kind=kind, text=text, citations=cited, used_context=used_context)

    def answers(self, question: Question, known: bool) -> int:
        """An answer from the article, then the question whether that solved it; returns the answer's seq."""
        found = voices.answer(question.article, self.customer.language)
        self.replies("answer", f"{found.title}\n{found.opening}", question.article, used_context=known)
        given = len(self.events)
        self.add("resolution.asked")
        return given

    def judges(self, answer_seq: int, resolution: str) -> None:
        """The customer says whether the answer solved it, and may rate the contact."""
        self.wait(25, 150)
        self.says(self.words["resolution"][resolution])
        self.wait(0.3, 0.9)
        self.add("answer.judged", answer_seq=answer_seq, accepted=resolution == "yes")
        self.add("resolution.answered", answer=resolution)

    def surveyed(self, pleased: bool, share: float = 0.42) -> None:
        """The survey is offered; some answer it, some only in part."""
        self.add("survey.offered", kind="contact", items=["ces", "csat"])
        if self.rng.random() > share:
            return
        self.wait(8, 60)
        marks = (4, 5, 5) if pleased else (1, 2, 2, 3, 4)
        ease = (5, 6, 6, 7) if pleased else (1, 2, 3, 3, 5)
        self.add("survey.answered", ces=self.rng.choice(ease))
        if self.rng.random() < 0.85:
            comment = self.rng.choice(self.words["good" if pleased else "bad"]) if self.rng.random() < 0.35 else None
            self.wait(3, 20)
            self.add("survey.answered", csat=self.rng.choice(marks), **({"comment": comment} if comment else {}))

    def asks_for_person(self, why: str) -> None:
        """Queued while people are at the desk; out of hours a message with a contact, and a promised time."""
        self.wait(0.4, 1.0)
        self.add("handoff.requested", why=why)
        if self.calendar.is_open(self.at):
            return
        opening = self.calendar.next_opening(self.at) or self.at
        due = (opening + CALLBACK).astimezone(UTC).isoformat()
        self.wait(40, 120)
        contact = f"cliente{self.id.removeprefix('demo-')}@posta.example"
        summary = next(one["text"] for one in self.events if one["type"] == "message.customer")
        self.add("ticket.opened", contact=contact, summary=summary, due=due)
        self.add("commitment.made", id=f"{self.id}-callback", due=due, what="callback", by="assistant")

    def taken(self, queue_s: float) -> str:
        """An agent takes it, after the queue or when the desk opens next; returns who."""
        arrives = self.at + timedelta(seconds=queue_s)
        if not self.calendar.is_open(arrives):
            opening = self.calendar.next_opening(arrives) or arrives
            arrives = opening + timedelta(minutes=self.rng.uniform(4, 100))
        self.at = arrives
        agent = self.rng.choice(AGENTS)
        self.add("handoff.taken", agent=agent)
        return agent

    def served(self, agent: str, reason: Reason | None, entity: str | None, resolution: str | None) -> None:
        """The agent answers and wraps up; the customer may say how it went, or nothing more."""
        taken_at, live = self.at, self.events[-2]["type"] != "commitment.made"
        name = reason.name if reason else ""
        self.wait(5, 25)
        self.add("message.agent", agent=agent, text=self.words["agent_hello"].format(agent=agent), substantive=False)
        if live and self.rng.random() < 0.6:
            self.wait(20, 90)
            self.says(self.rng.choice(self.words["detail"]))
        self.wait(60, 300)
        reply = self.rng.choice(voices.agent_replies(name, self.customer.language))
        self.add("message.agent", agent=agent, text=reply, substantive=True)
        if live and self.rng.random() < 0.7:
            self.wait(15, 70)
            self.says(self.rng.choice(self.words["thanks"]))
        self.wait(20, 90)
        self._wraps_up(agent, reason, entity, resolution, round((self.at - taken_at).total_seconds() * 0.9))
        if resolution:
            self.wait(20, 240)
            self.add("resolution.answered", answer=resolution)
            if self.rng.random() < 0.6:
                self.wait(4, 20)
                pleased = resolution == "yes"
                self.add("survey.answered", ces=self.rng.choice((5, 6, 7) if pleased else (1, 2, 3)))
                self.add("survey.answered", csat=self.rng.choice((4, 5, 5) if pleased else (1, 2, 3)))

    def _wraps_up(self, agent: str, reason: Reason | None, entity: str | None, said: str | None, active_s: int) -> None:
        known: Event = {"reason": reason.name} if reason else {}
        if reason and entity:
            known["entity_ref"] = entity
        if reason and reason.story:
            area = self.calendar.reasons[reason.name].cause_area
            known |= {"cause_area": area, "cause_certainty": "confirmed"}
            known["tags"] = ["new-courier"] if reason.story == "courier" else ["newsletter-code"]
        wrap_s = self.rng.randint(25, 140)
        concurrency = self.rng.choice((1, 1, 2))
        resolution = said or self.rng.choice(("yes", "yes", "partly"))
        self.add(
            "wrapped_up",
            agent=agent,
            active_s=active_s,
            wrap_s=wrap_s,
            concurrency=concurrency,
            resolution=resolution,
            **known,
        )
        for made in [one for one in self.events if one["type"] == "commitment.made"]:
            self.add("commitment.met", id=made["id"])
        self.add("resolution.asked")
        self.add("survey.offered", kind="contact", items=["ces", "csat"])
        self.add("closed", by="agent")
