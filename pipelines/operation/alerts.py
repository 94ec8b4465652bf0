"""Sends messages to the addresses in the settings, through apprise: mail, Slack, Teams, webhooks and many more.

Belongs here: sending, and telling which addresses failed without showing them. Does not belong here: the words (message.py).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pydantic import SecretStr

from pipelines.operation.message import Message


def send(message: Message, addresses: Sequence[SecretStr]) -> list[str]:
    """Returns what went wrong, for people. An address can hold a password, so only its scheme and place in the list are named."""
    import apprise  # noqa: PLC0415 - a second that only a message pays for

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs addresses whole, passwords and all
    problems = []
    kind = apprise.NotifyType.WARNING if message.needs_person else apprise.NotifyType.INFO
    for place, address in enumerate(addresses, start=1):
        text = address.get_secret_value()
        scheme = text.partition("://")[0][:20]
        target = apprise.Apprise()
        if not target.add(text):
            problems.append(
                f"alert address {place} ({scheme}://...) is in no form that apprise knows; mend the setting"
            )
        elif not target.notify(
            title=message.title, body=message.body, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
        ):
            problems.append(
                f"alert address {place} ({scheme}://...) did not take the message; try it with apprise's own command"
            )
    return problems
