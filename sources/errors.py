"""The errors that reach a person. Each message says where, what, and what to do; the command prints it without a traceback."""

from __future__ import annotations


class PublicValueError(Exception):
    """Base of our own errors. `exit_code` is what the command returns for it."""

    exit_code = 1


class UsageError(PublicValueError):
    """The caller asked for something that cannot be: a wrong path, an empty folder, an unknown publisher. Raised at the edges."""

    exit_code = 2


class RegistryError(PublicValueError):
    """A file of the registry is wrong; the message names file and key. Raised by sources.registry."""

    exit_code = 2


class UnreachableError(PublicValueError):
    """Nothing could be fetched and nothing is held; a later attempt may succeed. Raised by pipelines.fetching."""


class HomeLockedError(PublicValueError):
    """Another run holds the home. Raised by pipelines.home."""
