"""One interaction while its events go by: keeps what each says, and becomes facts at the end."""

from __future__ import annotations

from touchpoints import events as e
from touchpoints.classification import Claims, classify
from touchpoints.configuration import Configuration
from touchpoints.facts import Citation, Facts, QueueStretch
from touchpoints.instant import SECOND, Instant, to_datetime
from touchpoints.quiet import QuietClock
from touchpoints.signals import Signals

_SURVEY_ITEMS = ("ces", "csat", "expectation_match", "felt_understood", "outcome_cognitive", "outcome_affective")


class Contact:
    """Accumulates one interaction. The events it is fed come in the order of the conversation."""

    def __init__(self, conversation_id: str, ordinal: int, at: Instant, configuration: Configuration) -> None:
        self.facts = Facts(conversation_id=conversation_id, ordinal=ordinal, started_at=at, last_event_at=at)
        self.claims = Claims()
        self.signals = Signals()
        self.clock = QuietClock(at)
        self.ended = False
        self.with_agent = False
        self.survey_kind = "contact"
        self._configuration = configuration
        self._social: list[bool | None] = []
        """Of each message: whether it asked nothing, by every reading of it; None where nobody read it."""
        self._replies: set[str] = set()
        self._answers: dict[int, list[Citation]] = {}
        self._commitments: dict[str, tuple[Instant, Instant | None]] = {}
        self._excluded: str | None = None

    # -- messages -----------------------------------------------------------------------------------------------

    def customer_message(self, at: Instant, body: e.CustomerMessage, with_agent: bool) -> None:
        courtesy = with_agent and self._courtesy(body)  # nobody reads a message to an agent for us
        self.facts.user_turns += 1
        self.facts.left = False
        self.clock.restart(at)
        self.signals.message(at, courtesy)
        self._settle_social()
        self._social.append(None)
        self._touch(at)

    def reading(self, body: e.Reading) -> None:
        self.claims.readings.append(body)
        social = body.reason is None and body.intent in self._configuration.social_intents
        if social:
            self.signals.social()
        if self._social:
            self._social[-1] = social and self._social[-1] is not False

    def bot_message(self, seq: int, at: Instant, body: e.BotMessage) -> None:
        facts = self.facts
        facts.first_bot_message_at = at if facts.first_bot_message_at is None else facts.first_bot_message_at
        facts.used_context |= bool(body.used_context)
        if body.kind in ("fallback", "failure"):
            facts.fallbacks += 1
        self.signals.reply(body.kind)
        self._replies.add(body.kind)
        if body.kind == "answer":
            facts.knowledge_answer = True
            shown = [Citation(c.article_id, c.version, c.passage, c.score) for c in body.citations]
            facts.citations.extend(shown)
            self._answers[seq] = shown
            self._substantive(at, by_agent=False)
        if body.kind != "survey":
            self._touch(at)

    def agent_message(self, at: Instant, body: e.AgentMessage) -> None:
        self.signals.reply("agent")
        self._replies.add("agent")
        if body.substantive:
            self._substantive(at, by_agent=True)
        self._touch(at)

    def judged(self, body: e.AnswerJudged) -> None:
        latest = max(self._answers, default=0)
        for citation in self._answers.get(latest if body.answer_seq is None else body.answer_seq, []):
            citation.accepted = body.accepted

    # -- handoff ------------------------------------------------------------------------------------------------

    def requested(self, at: Instant, body: e.HandoffRequested) -> None:
        """Asking again while waiting belongs to the same stretch."""
        self.signals.add("weak", at)
        stretch = self._waiting_stretch()
        if stretch is None:
            stretch = QueueStretch(requested_at=at, why=body.why)
            self.facts.stretches.append(stretch)
        if stretch.stated_s is None:
            stretch.stated_s = body.stated_wait_s
        self.with_agent = False
        self._touch(at)

    def taken(self, at: Instant) -> None:
        """An agent taking over from another stays in the same stretch."""
        stretch = self._waiting_stretch()
        if stretch is None and not self.with_agent:
            stretch = QueueStretch()
            self.facts.stretches.append(stretch)
        if stretch is not None:
            stretch.taken_at = at
        if self.facts.agent_first_at is None:
            self.facts.agent_first_at = at
        self.with_agent = True
        self._touch(at)

    def released(self, at: Instant) -> None:
        """Neither an agent nor the queue holds the conversation any more."""
        self.with_agent = False
        stretch = self._waiting_stretch()
        if stretch is not None:
            stretch.left_at = at

    @property
    def waited_in_vain(self) -> bool:
        """The latest queue is one no agent came from, so far or ever."""
        return bool(self.facts.stretches) and self.facts.stretches[-1].taken_at is None

    def offered(self, at: Instant) -> None:
        """An offer is not a request; it is something that happened, so the contact lasts until then."""
        self._touch(at)

    def queue_left(self, at: Instant) -> None:
        self.signals.add("queue_left", at)
        self.released(at)
        self._touch(at)

    def customer_left(self, at: Instant) -> None:
        self.facts.left = True
        self._touch(at)

    # -- what was said of it ------------------------------------------------------------------------------------

    def observed(self, at: Instant, kind: str) -> None:
        facts = self.facts
        if kind == "reformulation":
            facts.reformulations += 1
        elif kind == "repeated_question":
            facts.repeated_questions += 1
        elif kind == "reentered_field":
            facts.reentered_fields += 1
        else:
            facts.channel_switches += 1
        if kind in ("reformulation", "repeated_question"):
            self.signals.add("weak", at)

    def resolution_answered(self, at: Instant, body: e.ResolutionAnswered) -> None:
        self.facts.resolution_answer = body.answer
        last = self.facts.last_substantive_at
        if last is None or at - last <= self._configuration.windows.chain:
            self.signals.add("yes" if body.answer == "yes" else "no", at)
        self._touch(at)

    def survey_offered(self, body: e.SurveyOffered) -> None:
        self.survey_kind = body.kind
        if body.kind == "contact":
            items = ["resolution", "ces", "csat"] if body.items is None else body.items
            self.facts.survey_offered.extend(item for item in items if item not in self.facts.survey_offered)

    def survey_answered(self, body: e.SurveyAnswered) -> None:
        survey = self.facts.recall if self.survey_kind == "recall" else self.facts.survey
        for name in (*_SURVEY_ITEMS, "emotion", "comment"):
            if getattr(survey, name) is None:
                setattr(survey, name, getattr(body, name))

    def commitment_made(self, body: e.CommitmentMade, due: Instant) -> None:
        self._commitments[body.id] = (due, None)

    def commitment_met(self, at: Instant, body: e.CommitmentMet) -> None:
        if body.id in self._commitments:
            self._commitments[body.id] = (self._commitments[body.id][0], at)

    def wrapped_up(self, body: e.WrappedUp) -> None:
        self.claims.wrapped_up(body)
        if body.resolution is not None:
            self.facts.wrap_resolution = body.resolution
        taken = [stretch for stretch in self.facts.stretches if stretch.taken_at is not None]
        if taken and (body.active_s is not None or body.wrap_s is not None):
            taken[-1].active_s, taken[-1].wrap_s = body.active_s or 0, body.wrap_s or 0
            taken[-1].concurrency = body.concurrency

    def excluded(self, body: e.Excluded) -> None:
        self._excluded = body.reason

    # -- the end ------------------------------------------------------------------------------------------------

    def finish(self, test: bool) -> Facts:
        """The facts, once no more events come."""
        facts, configuration = self.facts, self._configuration
        self._settle_social()
        facts.standing, since = self.signals.standing()
        facts.yes_at = since if facts.standing == "yes" else None
        facts.quiet_at = self.clock.reaches(configuration.windows.quiet)
        facts.after_hours_start = not configuration.is_open(to_datetime(facts.started_at))
        self._waits()
        if self._commitments:
            facts.commitment_due = max(due for due, _ in self._commitments.values())
            facts.commitment_met = all(met is not None and met <= due for due, met in self._commitments.values())
        facts.exclusion_reason = self._excluded or ("test" if test else None) or self._greeting_only()
        facts.eligible = facts.exclusion_reason is None
        classify(facts, self.claims, configuration)
        return facts

    def _courtesy(self, body: e.CustomerMessage) -> bool:
        return bool(body.courtesy) if body.text is None else self._configuration.is_courtesy(body.text)

    def _substantive(self, at: Instant, *, by_agent: bool) -> None:
        facts = self.facts
        facts.first_substantive_at = at if facts.first_substantive_at is None else facts.first_substantive_at
        facts.last_substantive_at = at
        self.signals.substantive(by_agent)
        self.clock.restart(at)

    def _settle_social(self) -> None:
        """What nobody read and the assistant answered with a greeting alone was small talk."""
        if self._social and self._social[-1] is None:
            self._social[-1] = self._replies == {"greeting"}
        self._replies = set()

    def _greeting_only(self) -> str | None:
        facts = self.facts
        reasons = self.claims.chosen or "reason" in self.claims.wrap_up or any(r.reason for r in self.claims.readings)
        asked = reasons or facts.first_substantive_at is not None or facts.handoff
        return "greeting_only" if self._social and all(self._social) and not asked else None

    def _waits(self) -> None:
        facts, stated = self.facts, list[float | None]()
        for stretch in facts.stretches:
            if stretch.requested_at is None:
                continue
            until = stretch.taken_at or stretch.left_at
            if until is None:
                facts.waiting_since = stretch.requested_at
                continue
            wall = max(until - stretch.requested_at, 0) / SECOND
            facts.waited_s += wall
            if stretch.taken_at is not None:
                stated.append(stretch.stated_s)
                start, end = to_datetime(stretch.requested_at), to_datetime(until)
                facts.wait_wall_s = (facts.wait_wall_s or 0) + wall
                facts.wait_business_s = (facts.wait_business_s or 0) + self._configuration.business_seconds(start, end)
        told = [one for one in stated if one is not None]
        facts.stated_wait_s = sum(told) if told and len(told) == len(stated) else None

    def _waiting_stretch(self) -> QueueStretch | None:
        last = self.facts.stretches[-1] if self.facts.stretches else None
        return last if last is not None and last.taken_at is None and last.left_at is None else None

    def _touch(self, at: Instant) -> None:
        self.facts.last_event_at = max(self.facts.last_event_at, at)
