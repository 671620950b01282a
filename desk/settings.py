"""Every setting of the product: its name, its default and one sentence. `sportello settings` lists them.

A setting comes from the environment (`SPORTELLO_PORT`), else from `sportello.toml` in the home (`port = 8080`), else
from its default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

PREFIX: Final = "SPORTELLO_"


class SettingsError(Exception):
    """A setting has a value it can't have; the message names it."""


def _setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """The settings in force, resolved once at start."""

    home: Path = _setting(
        Path("var/home"), "Folder of the database, index versions, encoder, trained assistant and logs."
    )
    host: str = _setting("127.0.0.1", "Address the public port listens on.")
    port: int = _setting(8080, "The one public port.")
    public_url: str = _setting("", "Address customers reach the desk at; empty means http://HOST:PORT.")
    database_url: str = _setting("", "PostgreSQL address; empty means SQLite in the home. DATABASE_URL is read too.")
    allowed_origins: str = _setting(
        "", "Sites that may embed the widget, separated by spaces; empty means this desk's own pages."
    )
    jwt_secret: str = _setting(
        "", "Secret the embedding site signs its customers' userJwt with (HS256); empty refuses userJwt."
    )
    trusted_proxies: int = _setting(0, "How many reverse proxies stand in front and set X-Forwarded-For.")
    secure_cookies: bool = _setting(
        False, "Send sign-in cookies over HTTPS only; set it wherever the desk is reached by HTTPS."
    )
    session_days: int = _setting(30, "Days a customer's widget session lasts after its last message.")
    message_characters: int = _setting(4000, "Longest message a customer may send.")
    messages_per_minute: int = _setting(20, "Messages one customer may send in a minute.")
    sessions_per_minute: int = _setting(60, "Widget sessions one address may open in a minute.")
    turn_timeout_s: float = _setting(8.0, "Seconds the assistant may take for one turn before the customer is told.")
    encoder: str = _setting(
        "", "Sentence-transformers model by name or folder, in the place of the built-in encoder; empty means built-in."
    )
    encoder_query_prompt: str = _setting(
        "", "Prompt before questions for a named encoder; empty means the model's own, none means no prompt."
    )
    encoder_passage_prompt: str = _setting(
        "", "Prompt before passages for a named encoder; empty means the model's own, none means no prompt."
    )
    encoder_pooling: str = _setting(
        "", "Pooling of a named encoder: mean, cls, max, lasttoken; empty means the model's own."
    )
    encoder_threads: int = _setting(1, "Threads the sentence encoder uses for one text.")
    bot_processes: int = _setting(1, "Bot processes; any of them answers any conversation. Each holds about 0.6 GB.")
    bot_python: str = _setting("", "Python of the bot's environment; empty means bot/.venv.")
    log_level: str = _setting("info", "debug, info, warning or error; message texts appear at no level.")
    weekly: str = _setting(
        "", "Day and hour of the weekly report, such as mon 08:00 on the brand's clock; empty means none."
    )
    weekly_email: str = _setting("", "Who gets the weekly report, separated by spaces; empty keeps it in the home.")
    smtp_host: str = _setting("", "Mail server that sends reports; empty means none.")
    smtp_port: int = _setting(587, "Port of the mail server.")
    smtp_security: str = _setting("starttls", "How the mail server is spoken to: starttls, tls or none.")
    smtp_user: str = _setting("", "Name the mail server knows this desk by; empty means it asks for none.")
    smtp_password: str = _setting("", "Password of that name.")
    smtp_from: str = _setting("", "Address reports are sent from; empty means the name above.")
    demo: bool = _setting(
        False, "Marks every page as a demonstration with simulated customers; set by `sportello demo`."
    )

    @property
    def url(self) -> str:
        """Address of the public port as customers and agents see it, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database in force."""
        if not self.database_url:
            return f"sqlite:///{self.home.absolute() / 'sportello.sqlite'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://").replace(
            "postgres://", "postgresql+psycopg://"
        )

    @property
    def encoder_folder(self) -> Path:
        return self.home / "encoder"

    @property
    def knowledge_folder(self) -> Path:
        return self.home / "knowledge"

    @property
    def assistant_folder(self) -> Path:
        return self.home / "assistant"


def load(environment: Mapping[str, str] = os.environ, **overrides: Any) -> Settings:
    """The settings in force; overrides (command-line options) win, None meaning not given.

    Raises SettingsError naming the setting and where its value came from.
    """
    values: dict[str, Any] = {key: value for key, value in overrides.items() if value is not None}
    home = Path(values.get("home") or environment.get(f"{PREFIX}HOME") or Settings.home)
    values["home"] = home
    stored = _read_file(home / "sportello.toml")
    for setting in fields(Settings):
        if setting.name in values:
            continue
        name = PREFIX + setting.name.upper()
        if name in environment:
            values[setting.name] = _parse(environment[name], setting.default, name)
        elif setting.name in stored:
            values[setting.name] = _parse(stored[setting.name], setting.default, f"{setting.name} in sportello.toml")
    if "database_url" not in values and environment.get("DATABASE_URL"):
        values["database_url"] = environment["DATABASE_URL"]
    return Settings(**values)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    unknown = sorted(set(stored) - {setting.name for setting in fields(Settings)})
    if unknown:
        raise SettingsError(f"{path}: unknown setting {', '.join(unknown)}; `sportello settings` lists them")
    return stored


def _parse(value: Any, default: Any, name: str) -> Any:
    kind = type(default)
    if kind is bool:
        known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
        if str(value).lower() not in known:
            raise SettingsError(f"{name} is {value!r}: write true or false")
        return known[str(value).lower()]
    try:
        return Path(value) if isinstance(default, Path) else kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{name} is {value!r}: it must be {kind.__name__}") from error
