"""Sending a report by e-mail, through the server the settings name."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import parseaddr

from desk.settings import Settings
from desk.weekly.letter import Letter

TIMEOUT_S = 30


class PostError(Exception):
    """A report can't be sent; the message says why, and names no reader."""


def message(letter: Letter, sender: str, readers: Sequence[str]) -> EmailMessage:
    """The report as a message: the text, and the same as HTML. Raises PostError for an address that is none."""
    for address in (sender, *readers):
        if any(one in address for one in "\r\n") or "@" not in parseaddr(address)[1]:
            raise PostError("an address is not one: write name@example.org")
    found = EmailMessage()
    found["Subject"] = letter.subject
    found["From"] = sender
    found["To"] = ", ".join(readers)
    found.set_content(letter.markdown)
    found.add_alternative(letter.html, subtype="html")
    return found


def send(letter: Letter, readers: Sequence[str], chosen: Settings) -> None:
    """Hands the report to the mail server. Raises PostError."""
    if not chosen.smtp_host:
        raise PostError("no mail server: set SPORTELLO_SMTP_HOST")
    sent = message(letter, chosen.smtp_from or chosen.smtp_user, readers)
    try:
        with _server(chosen) as server:
            if chosen.smtp_user:
                server.login(chosen.smtp_user, chosen.smtp_password)
            server.send_message(sent)
    except (OSError, smtplib.SMTPException) as error:
        raise PostError(f"the mail server refused or can't be reached ({type(error).__name__})") from error


def _server(chosen: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if chosen.smtp_security == "tls":
        return smtplib.SMTP_SSL(chosen.smtp_host, chosen.smtp_port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(chosen.smtp_host, chosen.smtp_port, timeout=TIMEOUT_S)
    if chosen.smtp_security == "starttls":
        server.starttls(context=context)
    return server
