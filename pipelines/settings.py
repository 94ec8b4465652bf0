"""Everything that can be set, in one model: from the environment (PUBLICVALUE_<NAME>), else a TOML file, else a default.

Belongs here: names, bounds, defaults, and where a value came from. Does not belong here: what is done with them. How a
release is held or thinned out is policy, kept as data in published/; what a command is asked for once is an option.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource, SettingsError

from pipelines.home import home_root
from sources.errors import UsageError
from sources.fetch_settings import ITS_FORM, WEB_ADDRESS, FetchSettings

PREFIX = "PUBLICVALUE_"
FILE_VARIABLE = "PUBLICVALUE_SETTINGS"
FILE_NAME = "settings.toml"

Cron = Annotated[str, Field(pattern=r"^\S+ \S+ \S+ \S+ \S+$", description="five fields as in cron, such as 30 6 * * *")]
Port = Annotated[int, Field(ge=1, le=65535)]
WebAddress = Annotated[str, Field(pattern=f"^({WEB_ADDRESS})?$", max_length=500, description=ITS_FORM)]


class Settings(FetchSettings):
    """What whoever runs this day by day may set; fetching's own settings are inherited."""

    site_address: WebAddress = ""
    """Where the site is reached from outside, for links in messages and feeds. Empty: links are left out."""
    corrections_address: Annotated[
        str,
        Field(
            pattern=r"^(https?://[^\s<>\"]+|mailto:[^\s<>\"@]+@[^\s<>\"@]+)?$",
            max_length=500,
            description="a web address, or mailto: and an address",
        ),
    ] = ""
    """Where readers of the site send corrections: a web address, or mailto: and an address. Empty: the form of words alone."""
    repository_address: WebAddress = ""
    """Where this code lives on a forge that knows issue forms, such as https://github.com/owner/name; the site links its form
    for corrections. Empty: no link."""
    alert_addresses: list[SecretStr] = Field(default_factory=list)
    """Whom to tell what changed, failed or is late: addresses in apprise's form (mailto://, slack://, msteams://, json:// ...)."""
    subscribers: dict[str, list[SecretStr]] = Field(default_factory=dict)
    """New findings of a publisher (its id) go to these addresses too."""
    alert_days_silent: int = Field(default=45, ge=1, le=3650)
    """A publisher of which nothing new came for so many days is reported as silent."""
    schedule: Cron = "30 6 * * *"
    """When the daily run starts: minute, hour, day, month, weekday."""
    schedule_timezone: str = "Europe/London"
    watch_minutes: int = Field(default=60, ge=1, le=1440)
    """How often GOV.UK is asked whether anything was published since the last look."""
    database: SecretStr | None = None
    """Postgres for Dagster's own storage, as postgresql://user:password@host:port/name. Unset: SQLite files in the home."""
    web_host: str = Field(default="127.0.0.1", max_length=200)
    web_port: Port = 8001
    dagster_port: Port = 3000
    """Dagster's web interface has no login; it listens on this machine only."""
    check_uploads: bool = False
    """Whether the site offers a page where a file is dropped and checked."""
    log_format: Literal["words", "json"] = "words"
    log_level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it stands. `value` is safe to print; `origin` is a variable, a file's path, or "default"."""

    name: str
    value: Any
    origin: str


def settings_file(home: Path | None = None) -> Path:
    """$PUBLICVALUE_SETTINGS, else settings.toml in the home."""
    return Path(os.environ.get(FILE_VARIABLE) or home_root(home) / FILE_NAME)


def load_settings(home: Path | None = None) -> Settings:
    """Raises UsageError that names each variable or line of the file that cannot be understood."""
    return _read(home)[0]


def explained(home: Path | None = None) -> list[Setting]:
    """Every setting with its value, secrets hidden, and where it came from. Raises UsageError as load_settings does."""
    standing, origins = _read(home)
    return [
        Setting(name, _shown(getattr(standing, name)), origins.get(name, "default")) for name in Settings.model_fields
    ]


def _read(home: Path | None) -> tuple[Settings, dict[str, str]]:
    """The settings, and the variable or file that each which was given came from."""
    path = settings_file(home)
    given, named = _from_file(path), _from_environment()
    try:
        standing = Settings.model_validate({**given, **named})
    except ValidationError as error:
        words = []
        for one in error.errors():
            name = str(one["loc"][0])
            inner = ".".join(str(part) for part in one["loc"][1:])
            where = PREFIX + name.upper() if name in named else f"{path}: {name}"
            words.append(f"{where}{f' ({inner})' if inner else ''}: {_words(one)}")
        raise UsageError("; ".join(words)) from error
    return standing, dict.fromkeys(given, str(path)) | {name: PREFIX + name.upper() for name in named}


def _words(error: ErrorDetails) -> str:
    """What is wrong; of a form, which it should be rather than its regular expression. Settings with a form hold no secrets."""
    form = Settings.model_fields[str(error["loc"][0])].description if error["loc"] else None
    if error["type"] != "string_pattern_mismatch" or form is None:
        return error["msg"]
    return f"{error['input']!r} has to be {form}"


def _from_environment() -> dict[str, Any]:
    try:
        return EnvSettingsSource(Settings)()
    except SettingsError as error:
        raise UsageError(f"{error}; lists and tables are written as JSON in the environment") from error


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        if os.environ.get(FILE_VARIABLE):
            raise UsageError(f"{path}: no such file; mend or unset ${FILE_VARIABLE}")
        return {}
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as TOML ({error})") from error
    if unknown := sorted(given.keys() - Settings.model_fields.keys()):
        raise UsageError(f"{path}: no setting is called {', '.join(unknown)}; `publicvalue settings` lists all")
    return given


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "(set, hidden)"
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return value
