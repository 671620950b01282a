"""Contacts that belong together: the same customer with the same matter, coming back.

A contact joins the latest earlier one of its customer, reason and reference when it starts after that one was answered
and within the window of its resolution; it then revokes it. Computed on all history, whatever the period of a report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tests.touchpoints.oracle.record import Issue, Record
from touchpoints.configuration import Windows
from touchpoints.instant import Instant


def link(records: Iterable[Record], as_of: Instant, windows: Windows) -> list[Issue]:
    """Links records in place (issue, follower, repeat, revoked_by) and returns the issues by their first contact.

    Contacts without an identifiable customer or a reason are in no issue; excluded ones neither chain nor revoke.
    """
    matters: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        facts = record.facts
        if facts.eligible and facts.identifiable and facts.customer_key and facts.contact_reason:
            matters[facts.customer_key, facts.contact_reason].append(record)
    issues: list[Issue] = []
    for contacts in matters.values():
        contacts.sort(key=Record.order)
        issues.extend(_issues(contacts, windows))
    return sorted(issues, key=lambda issue: issue.first.order())


def _issues(contacts: list[Record], windows: Windows) -> list[Issue]:
    """The issues of one customer and reason, contacts in order."""
    issues: list[Issue] = []
    earlier: list[Record] = []
    for contact in contacts:
        joined = next((other for other in reversed(earlier) if _matches(other, contact)), None)
        if joined is None or not _within(joined, contact, windows):
            contact.issue = Issue([contact], contact.facts.entity_ref)
            issues.append(contact.issue)
        else:
            _join(joined, contact)
        earlier.append(contact)
    return issues


def _matches(earlier: Record, contact: Record) -> bool:
    """A missing reference matches any; the issue's is the first one known."""
    known = earlier.issue.entity_ref if earlier.issue else None
    return known is None or contact.facts.entity_ref in (None, known)


def _within(earlier: Record, contact: Record, windows: Windows) -> bool:
    settled = earlier.resolved_at if earlier.resolved_at is not None else earlier.facts.last_event_at
    return contact.facts.started_at <= settled + windows.chain


def _join(earlier: Record, contact: Record) -> None:
    issue = earlier.issue
    assert issue is not None
    issue.contacts.append(contact)
    issue.entity_ref = issue.entity_ref or contact.facts.entity_ref
    contact.issue = issue
    answered = earlier.facts.last_substantive_at
    if contact.facts.started_at <= (earlier.facts.started_at if answered is None else answered):
        return  # opened before the first was answered: the same issue, and no return
    contact.repeat = True
    if earlier.follower is None:
        earlier.follower = contact
