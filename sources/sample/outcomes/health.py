"""Waits in emergency departments by trust and month (G2, G3, G4), and outcomes by provider and sector (S3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import cos, pi

from sources.sample.outcomes.model import YEARS, Table, dice, fixed, merit, present, share
from sources.sample.world import MONTHS

WAITS = "nhs-accident-and-emergency"
DEPARTMENTS = ("Type 1", "Type 2", "Other Department")
WAIT_COLUMNS = (
    "Period",
    "Org Code",
    "Parent Org",
    "Org name",
    "A&E attendances Type 1",
    "A&E attendances Type 2",
    "A&E attendances Other A&E Department",
    *(f"A&E attendances Booked Appointments {kind}" for kind in DEPARTMENTS),
    *(f"Attendances over 4hrs {kind}" for kind in DEPARTMENTS),
    *(f"Attendances over 4hrs Booked Appointments {kind}" for kind in DEPARTMENTS),
    "Patients who have waited 4-12 hs from DTA to admission",
    "Patients who have waited 12+ hrs from DTA to admission",
)
PROVIDERS = "provider-outcomes"
PROVIDER_COLUMNS = ("year", "organisation_id", "provider", "sector", "age_band", "cases", "events")
AGE_BANDS = (("under 50", 0.04), ("50 to 74", 0.09), ("75 and over", 0.17))
SECTORS = (("public", 1.0), ("private", 1.08), ("voluntary", 0.94))


def tables(seed: int) -> Iterator[Table]:
    yield from _waits(seed)
    yield _providers(seed)


def _waits(seed: int) -> Iterator[Table]:
    """One file a month. One trust reports no waits in its first year: that is not reported, not a perfect month."""
    trusts = list(present(WAITS, "nhs_trust"))
    random = {trust.id: dice(seed, WAITS, trust.id) for trust in trusts}
    size = {trust.id: random[trust.id].randint(5_000, 14_000) for trust in trusts}
    for at, month in enumerate(MONTHS):
        table = Table(WAITS, f"{month:%B-%Y}.csv", WAIT_COLUMNS, month + timedelta(days=44))
        for place, trust in enumerate(trusts):
            rng = random[trust.id]
            winter = cos(2 * pi * (month.month - 1) / 12)
            majors = int(size[trust.id] * rng.uniform(0.95, 1.05))
            minors = int(majors * 0.35)
            late = share(0.36 - 0.05 * merit(seed, trust) + 0.05 * winter - 0.002 * at + rng.gauss(0, 0.012))
            pilot = place == 3 and at < 12
            attended = (majors, 0, minors, 0, 0, minors // 20)
            over = (
                (0,) * 6
                if pilot
                else (int(majors * late), 0, int(minors * late * 0.1), 0, 0, int(minors * late * 0.005))
            )
            admitted_late = (over[0] // 5, over[0] // 40)
            period = f"MSitAE-{month:%B-%Y}".upper()
            table.rows.append([period, f"SX{place + 1}", "Sample region", trust.name, *attended, *over, *admitted_late])
            table.note(trust.id, f"{month:%Y-%m}", {"attendances": sum(attended), "over_four_hours": sum(over)})
        totals = [sum(int(str(row[column])) for row in table.rows) for column in range(4, len(WAIT_COLUMNS))]
        table.rows.append(["Total", "Total", "Total", "Total", *totals])
        yield table


def _providers(seed: int) -> Table:
    table = Table(PROVIDERS, "provider-outcomes.csv", PROVIDER_COLUMNS)
    for body in present(PROVIDERS, "nhs_trust", "council"):
        rng = dice(seed, PROVIDERS, body.id)
        for year in YEARS:
            for sector, factor in SECTORS:
                total = 0
                for band, rate in AGE_BANDS:
                    cases = rng.randint(120, 900)
                    events = sum(rng.random() < rate * factor for _ in range(cases))
                    total += events
                    table.rows.append(
                        [year, body.id, f"Sample provider {sector}, {body.name}", sector, band, cases, events]
                    )
                    table.note(body.id, year, {f"cases/{sector}/{band}": fixed(cases)})
                table.note(body.id, year, {f"events/{sector}": total})
    return table
