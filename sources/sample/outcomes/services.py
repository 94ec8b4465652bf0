"""Services by quarter (I6, C5, C6), their users' answers and completions (C3, C4), and a survey of citizens (C7)."""

from __future__ import annotations

from collections.abc import Iterator

from sources.sample.outcomes.model import Table, dice, fixed, merit, present, share

QUARTERS = tuple(f"{2022 + (1 + n) // 4}-Q{(1 + n) % 4 + 1}" for n in range(12))
"""Calendar quarters from April 2022 to March 2025."""
PERFORMANCE = "govuk-service-performance"
SATISFACTION = "service-satisfaction"
SURVEY = "citizen-survey"
NAMES = ("Apply for a permit", "Renew a licence", "Report a change")
MISSING = "-"
"""How the published table marks a figure that nobody gave."""
ANSWERS = ("very_satisfied", "satisfied", "neither", "dissatisfied", "very_dissatisfied")
PEERS = ("Norland (sample)", "Midmark (sample)", "Estrava (sample)")
QUESTIONS = ("services are easy to use", "services treat people fairly")


def tables(seed: int) -> Iterator[Table]:
    yield _performance(seed)
    yield _satisfaction(seed)
    yield _survey(seed)


def _performance(seed: int) -> Table:
    """Wide, as such tables are published: six columns a quarter. A tenth of the figures is missing."""
    kinds = ("Vol.", "CPT (£)", "Digital vol.", "Digital CPT (£)", "Completion rate", "User satisfaction")
    table = Table(
        PERFORMANCE,
        "services.csv",
        [
            "Abbr",
            "Department",
            "Agency/body",
            "Agency abbr",
            "Name of service",
            "Slug",
            *(f"{q} {k}" for q in QUARTERS for k in kinds),
        ],
    )
    for body in present(PERFORMANCE):
        for number, name in enumerate(NAMES):
            rng = dice(seed, PERFORMANCE, f"{body.id}/{number}")
            slug = f"{body.id}-{number + 1}"
            row: list[object] = [body.abbreviation, body.name, MISSING, MISSING, f"{name} (sample)", slug]
            size, cost = rng.randint(2_000, 90_000), rng.uniform(4, 30) * (1 - 0.15 * merit(seed, body))
            for at, quarter in enumerate(QUARTERS):
                volume = int(size * rng.uniform(0.9, 1.1))
                digital = int(volume * share(0.55 + 0.12 * merit(seed, body) + 0.015 * at + rng.gauss(0, 0.01)))
                each = fixed(cost * (1 + 0.01 * at) * rng.uniform(0.97, 1.03), 2)
                cheap = fixed(float(each) * 0.6, 2)
                done = fixed(100 * share(0.72 + 0.08 * merit(seed, body) + rng.gauss(0, 0.02)), 1)
                glad = fixed(100 * share(0.75 + 0.07 * merit(seed, body) + rng.gauss(0, 0.02)), 1)
                if rng.random() < 0.1:
                    row += [volume, MISSING, digital, MISSING, MISSING, MISSING]
                    table.note(slug, quarter, {"volume": volume, "digital_volume": digital})
                else:
                    row += [volume, each, digital, cheap, f"{done}%", f"{glad}%"]
                    table.note(
                        slug,
                        quarter,
                        {
                            "volume": volume,
                            "digital_volume": digital,
                            "cost_per_transaction": each,
                            "completion_rate": done,
                            "satisfaction": glad,
                        },
                    )
            table.rows.append(row)
    return table


def _satisfaction(seed: int) -> Table:
    """Counts, so that an interval can be had. One body in six has fewer than a hundred answers a quarter."""
    columns = ("organisation_id", "organisation", "service", "quarter", "started", "completed", *ANSWERS)
    table = Table(SATISFACTION, "service-satisfaction.csv", columns)
    for place, body in enumerate(present(SATISFACTION)):
        rng = dice(seed, SATISFACTION, body.id)
        for quarter in QUARTERS:
            for name in NAMES:
                started = rng.randint(800, 20_000)
                completed = int(started * share(0.74 + 0.09 * merit(seed, body) + rng.gauss(0, 0.03)))
                answers = rng.randint(20, 60) if place % 6 == 5 else rng.randint(150, 1_500)
                glad = int(answers * share(0.76 + 0.08 * merit(seed, body) + rng.gauss(0, 0.03)))
                very = glad // 2
                neither = (answers - glad) // 2
                against = (answers - glad - neither) // 2
                counts = (very, glad - very, neither, against, answers - glad - neither - against)
                table.rows.append([body.id, body.name, f"{name} (sample)", quarter, started, completed, *counts])
                table.note(
                    body.id,
                    quarter,
                    {
                        f"{name}/started": started,
                        f"{name}/completed": completed,
                        f"{name}/satisfied": glad,
                        f"{name}/answers": answers,
                    },
                )
    return table


def _survey(seed: int) -> Table:
    """The home country is 'Sampleland'. The size of one peer's sample is not stated, as happens."""
    table = Table(
        SURVEY, "citizen-survey.csv", ("organisation_id", "year", "question", "country", "value_pct", "sample_size")
    )
    for body in present(SURVEY):
        rng = dice(seed, SURVEY, body.id)
        for year in (2022, 2023, 2024):
            for question in QUESTIONS:
                home = fixed(100 * share(0.62 + 0.06 * merit(seed, body) + rng.gauss(0, 0.02)), 1)
                table.rows.append([body.id, year, question, "Sampleland", home, 1200])
                table.note(body.id, str(year), {f"{question}/Sampleland": home})
                for place, country in enumerate(PEERS):
                    value = fixed(100 * share(0.63 + rng.gauss(0, 0.05)), 1)
                    table.rows.append([body.id, year, question, country, value, None if place == 2 else 1000])
                    table.note(body.id, str(year), {f"{question}/{country}": value})
    return table
