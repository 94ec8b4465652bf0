"""Staff survey (S4), and major projects with their ratings and the people who answer for them (G5, S5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sources.sample.outcomes.model import Table, dice, fixed, merit, present, share

SURVEY = "civil-service-people-survey"
PROJECTS = "major-projects"
SURVEY_YEARS = (2022, 2023, 2024)
# Three ratings since one year, five before: a break in the series, as it happened to such portfolios.
FIVE_RATINGS = ("Red", "Amber/Red", "Amber", "Amber/Green", "Green")
THREE_RATINGS = ("Red", "Amber", "Green")
EXEMPT = "Exempt under Section 43 of the Freedom of Information Act 2000"
FIRST_NAMES = ("Alder", "Birch", "Clover", "Damson", "Elder", "Fennel", "Gorse", "Hazel", "Iris", "Juniper")
LAST_NAMES = (
    "Sample-Finch",
    "Sample-Heron",
    "Sample-Lark",
    "Sample-Otter",
    "Sample-Rook",
    "Sample-Wren",
    "Sample-Vole",
)
TITLES = ("Great Renewal", "New Platform", "Rebuilding", "Joining Up", "Better Beginnings")


def tables(seed: int) -> Iterator[Table]:
    yield from _staff_survey(seed)
    yield from _projects(seed)


def _staff_survey(seed: int) -> Iterator[Table]:
    """Two files a year. Scores, long: shares between 0 and 1, RR the response rate, EES the engagement index, N the answers.

    And the organisations that the codes stand for.
    """
    for year in SURVEY_YEARS:
        published = date(year + 1, 3, 31)
        scores = Table(SURVEY, f"{year}-org-scores-long.csv", ("organisation_code", "measure", "value"), published)
        names = Table(
            SURVEY, f"{year}-orgs-meta.csv", ("organisation_code", "organisation", "department_group"), published
        )
        for body in present(SURVEY):
            rng = dice(seed, f"{SURVEY}/{year}", body.id)
            engaged = fixed(share(0.61 + 0.05 * merit(seed, body) + rng.gauss(0, 0.012)), 2)
            answered = fixed(rng.uniform(0.55, 0.85), 2)
            answers = rng.randint(150, 4_000)
            for measure, value in (("RR", answered), ("EES", engaged), ("N", answers)):
                scores.rows.append([body.abbreviation, measure, value])
            names.rows.append([body.abbreviation, body.name, "Sample bodies"])
            scores.note(body.id, str(year), {"engagement": engaged, "response_rate": answered, "answers": answers})
        yield scores
        yield names


def _projects(seed: int) -> Iterator[Table]:
    """One portfolio a year. An owner either stays or is followed by another, whose start date then is the later one."""
    owners: dict[str, tuple[str, date]] = {}
    for year in SURVEY_YEARS:
        columns = (
            "Organisation ID",
            "Department",
            "Project ID",
            "Project Name",
            "Delivery Confidence Assessment",
            "Whole Life Cost (£m)",
            "Senior Responsible Owner",
            "SRO Tenure Start Date",
            "SRO Tenure End Date",
            "Project Start Date",
            "Project End Date",
        )
        table = Table(PROJECTS, f"portfolio-{year}.csv", columns, date(year, 7, 20))
        for body in present(PROJECTS):
            for number, title in enumerate(TITLES):
                project = f"{body.abbreviation}-{number + 1}"
                rng = dice(seed, f"{PROJECTS}/{year}", project)
                owner, since = owners.get(project) or (_name(rng), date(2020, 1 + number, 1))
                if year > SURVEY_YEARS[0] and rng.random() < share(0.18 - 0.08 * merit(seed, body)):
                    owner, since = _name(rng), date(year - 1, 4, 1) + timedelta(days=rng.randint(0, 330))
                owners[project] = (owner, since)
                cost = fixed(dice(seed, PROJECTS, project).lognormvariate(4.5, 1.0) * 1.02 ** (year - 2022), 1)
                ratings = FIVE_RATINGS if year < 2023 else THREE_RATINGS
                place = int(share(0.5 + 0.2 * merit(seed, body) + rng.gauss(0, 0.2)) * (len(ratings) - 0.001))
                rating = EXEMPT if rng.random() < 0.05 else ratings[place]
                table.rows.append(
                    [
                        body.id,
                        body.name,
                        project,
                        f"{title} Programme (sample)",
                        rating,
                        cost,
                        owner,
                        since,
                        None,
                        date(2020, 1, 1),
                        date(2027 + number, 3, 31),
                    ]
                )
                table.note(body.id, str(year), {f"{project}/whole_life_cost": cost})
                if rating != EXEMPT:
                    table.note(body.id, str(year), {f"{project}/rating": fixed(100 * place / (len(ratings) - 1))})
        yield table


def _name(rng: Random) -> str:
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
