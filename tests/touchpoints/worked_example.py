"""The worked example of the domain document: a week of a bookshop's service, twelve contacts, told as events."""

from __future__ import annotations

from tests.touchpoints.history import Conversation


def week() -> list[Conversation]:
    """C1–C12: 2–8 March 2026 and one contact after the week, which only serves as evidence."""
    return [c1(), c2(), c3(), c4(), c5(), c6(), c7(), c8(), c9(), c10(), c11(), c12()]


def c1() -> Conversation:
    """Asked where the order is, answered, said yes."""
    c = Conversation("C1", "2026-03-02 10:00:00", customer="A", reason="delivery.where_is_order").asks()
    return c.says(60).bot(65).resolved("2026-03-02 10:02:30").survey("2026-03-02 10:02:40", 5, 7)


def c2() -> Conversation:
    """Answered, then silence."""
    return Conversation("C2", "2026-03-02 11:00:00", customer="B", reason="product.how_to_use").asks().survey(600)


def c3() -> Conversation:
    """Answered, then silence; comes back as C7."""
    return Conversation("C3", "2026-03-03 09:30:00", customer="C", reason="billing.double_charge").asks().survey(600)


def c4() -> Conversation:
    """The answer was refused; a person solved it."""
    c = Conversation("C4", "2026-03-03 12:00:00", customer="D", reason="returns.how_to").asks()
    c.add(20, "answer.judged", accepted=False)
    c.says(60).observed(60, "reformulation").bot(65, "clarify")
    c.says(120).observed(120, "reformulation").bot(125, "clarify")
    c.handed_over("2026-03-03 12:04:00", "2026-03-03 12:07:00")
    c.agent("2026-03-03 12:07:30", substantive=False).to_agent("2026-03-03 12:08:00")
    c.observed("2026-03-03 12:08:00", "reentered_field").to_agent("2026-03-03 12:09:00")
    c.agent("2026-03-03 12:15:00").to_agent("2026-03-03 12:16:00", "sì, ecco").resolved("2026-03-03 12:17:00")
    c.add("2026-03-03 12:19:00", "wrapped_up", agent="marta", active_s=600, wrap_s=60)
    return c.survey("2026-03-03 12:20:00", 4, 4).add("2026-03-03 12:30:00", "closed", by="agent")


def c5() -> Conversation:
    """In the evening: the person came the next morning."""
    c = Conversation("C5", "2026-03-04 20:28:00", customer="E", reason="delivery.late").asks().says(60).bot(65)
    c.handed_over("2026-03-04 20:30:00", "2026-03-05 09:10:00").to_agent("2026-03-05 09:11:00")
    c.agent("2026-03-05 09:15:00")
    c.add("2026-03-05 09:16:00", "wrapped_up", agent="marta", active_s=300, wrap_s=30)
    return c.survey("2026-03-05 09:17:00")


def c6() -> Conversation:
    """Never understood; left."""
    c = Conversation("C6", "2026-03-04 15:00:00", customer="F", reason="product.defect")
    c.says(0).bot(2, "fallback").says(40).observed(40, "reformulation").bot(42, "fallback")
    return c.add(70, "customer.left")


def c7() -> Conversation:
    """C3's customer again, straight to a person."""
    c = Conversation("C7", "2026-03-05 14:00:00", customer="C", reason="billing.double_charge")
    c.says(0).bot(2, "notice").says(30).bot(31, "notice")
    c.handed_over("2026-03-05 14:01:00", "2026-03-05 14:03:00").agent("2026-03-05 14:03:00")
    c.to_agent("2026-03-05 14:05:00").observed("2026-03-05 14:05:00", "reentered_field")
    c.to_agent("2026-03-05 14:06:00").agent("2026-03-05 14:10:00").to_agent("2026-03-05 14:12:00")
    c.agent("2026-03-05 14:16:00").resolved("2026-03-05 14:18:00")
    c.add("2026-03-05 14:20:00", "wrapped_up", agent="marta", active_s=900, wrap_s=120)
    return c.survey("2026-03-05 14:21:00", 2, 2).add("2026-03-05 14:30:00", "closed", by="agent")


def c8() -> Conversation:
    """Answered four times and said no."""
    c = Conversation("C8", "2026-03-06 10:00:00", customer="G", reason="price.promo_not_applied").asks()
    c.says(60).observed(60, "reformulation").bot(65).says(120).bot(125).says(170).bot("2026-03-06 10:03:00")
    return c.resolved("2026-03-06 10:03:30", "no").survey("2026-03-06 10:03:40", 1, 3)


def c9() -> Conversation:
    """A greeting and nothing else."""
    c = Conversation("C9", "2026-03-06 16:00:00", customer="H")
    return c.says(0, "buongiorno", intent="greet").bot(2, "greeting")


def c10() -> Conversation:
    """Advice before buying, on a Saturday."""
    c = Conversation("C10", "2026-03-07 11:00:00", customer="A", reason="product.compatibility").asks()
    return c.says(30).bot(33).resolved("2026-03-07 11:01:00").survey("2026-03-07 11:01:10", 5, 6)


def c11() -> Conversation:
    """Satisfied and said yes, yet came back a week later."""
    c = Conversation("C11", "2026-03-08 22:00:00", customer="I", reason="returns.how_to").asks()
    return c.says(30).bot(33).resolved("2026-03-08 22:01:00").survey("2026-03-08 22:01:10", 5, 6)


def c12() -> Conversation:
    """C11's customer again, within the window, outside the period."""
    return Conversation("C12", "2026-03-15 21:00:00", customer="I", reason="returns.how_to").asks()
