"""The files that are due, fetched side by side; each is noted as soon as it is there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

from sources.fetch import Fetcher, FetchError, Validators
from sources.fetched_files import Fetched
from sources.live.job import OURS, Job

FILES_AT_A_TIME = 32


async def fetch(job: Job, fetcher: Fetcher, current: dict[str, Fetched]) -> None:
    """Ask for every offered file that may have changed. What cannot be had stays as it was."""
    offered = {offer.file.address for one in job.result.found for offer in one.offers if offer.is_taken}
    due = [one for address, one in current.items() if address in offered and not _is_fresh(job, one)]
    slots = asyncio.Semaphore(FILES_AT_A_TIME)
    done = 0

    async def one_file(one: Fetched) -> None:
        nonlocal done
        async with slots:
            got = await _fetch_one(job, fetcher, one)
        if got.address != one.address:
            del current[one.address]
        current[got.address] = got
        job.account.note(got)
        done += 1
        job.tick(done, len(due))

    await asyncio.gather(*(one_file(one) for one in due))


def _is_fresh(job: Job, one: Fetched) -> bool:
    """Whether its page has announced nothing since it was last asked for, not long ago. Spread so that not all fall on one day."""
    if not (one.has_bytes and one.stamp and one.checked):
        return False
    days = job.settings.discover_recheck_days
    spread = sum(one.address.encode("utf-8", "replace")) % max(1, days // 2)
    return (job.today - date.fromisoformat(one.checked)).days < days - spread


async def _fetch_one(job: Job, fetcher: Fetcher, one: Fetched) -> Fetched:
    try:
        got = await fetcher.download(
            one.address,
            job.root / OURS / "incoming",
            job.root / one.path,
            Validators(one.etag, one.last_modified),
            keep_unless=one.has_bytes,
        )
    except FetchError as error:
        kept = "the copy fetched before is kept" if one.has_bytes else "it is listed without its bytes"
        job.result.problems.append(f"{one.owner_id}: {error}; {kept}")
        if one.has_bytes and one.replaces:  # the bytes held are still those of the earlier address
            return replace(job.account.files[one.replaces], path=one.path)
        return replace(one, reason=error.reason, detail=f"{error.what} ({one.address[:200]})"[:500])
    checked = job.today.isoformat()
    if got.is_unchanged:
        return replace(one, checked=checked, reason="", detail="")
    job.result.new += not one.has_bytes
    job.result.changed += one.has_bytes
    return replace(
        one, has_bytes=True, etag=got.validators.etag, last_modified=got.validators.last_modified,
        content_type=got.content_type, checked=checked, reason="", detail="",
    )  # fmt: skip
