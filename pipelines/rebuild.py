"""A release checked, and built again from the stored files to be compared byte for byte.

Belongs here: repeating the run from what the release was made of. Does not belong here: the run's steps, or keeping that
(kept_inputs.py).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipelines import run as steps
from pipelines.choose import RunOptions, choose_input, code_version
from pipelines.home import PARTS, Home, open_home
from pipelines.kept_inputs import EARLIER, kept_inputs
from pipelines.progress import Progress
from pipelines.work import Work
from published import store
from published.metadata.checksums import NAME, read_checksums, sha256
from published.reopen import read_provenance
from published.retention import whole_files
from published.version import Version
from sources.errors import PublicValueError
from sources.registry import load_registry

if TYPE_CHECKING:
    from sources.mirror import MirrorSource
    from sources.registry import Registry


@dataclass(slots=True)
class Recorded:
    """The input as it was held; stands where the source stood. Offers nothing new."""

    channel: str
    root: Path
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Verified:
    """`wrong`: files with another checksum than SHA256SUMS says, missing or not listed. `dropped`: whole files let go by the
    retention rule. `rebuilt`: True where all bytes came out the same, False where not, None where it was not built again,
    with `why`; `differ`: the files that came out otherwise.
    """

    version: str
    checked: int
    wrong: list[str]
    dropped: int
    rebuilt: bool | None = None
    why: str = ""
    differ: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.wrong and self.rebuilt is not False


def check_files(release: Path) -> Verified:
    """Every file against SHA256SUMS. Raises PublicValueError where there is none."""
    try:
        wanted = read_checksums(release)
    except OSError as error:
        raise PublicValueError(f"{release / NAME} cannot be read ({error}); restore the release from a copy") from error
    present = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    whole = set(whole_files(release))
    let_go = whole - present if not (release / store.WHOLE).exists() else set()
    wrong = [f"{name} is missing" for name in sorted(wanted.keys() - present - let_go)]
    wrong += [f"{name} is not listed" for name in sorted(present - wanted.keys() - {NAME, "provenance.json"})]
    found = sorted(wanted.keys() & present)
    wrong += [f"{name} is not what was released" for name in found if sha256(release / name) != wanted[name]]
    return Verified(release.name, len(found), wrong, len(let_go))


def rebuild(home: Home, release: Path, verified: Verified) -> None:
    """Builds `release` again from the stored files and notes in `verified` what came of it. The home has to be locked."""
    channel, version = release.parent.name, release.name
    noted, kept = read_provenance(release), kept_inputs(home, channel, version)
    if (release / "TOMBSTONES.json").exists():
        verified.why = "it was reissued after a takedown, so its first form must not be built again"
    elif noted.get("code") != code_version():
        verified.why = (
            f"it was made by other code: {noted.get('commit') or 'commit not recorded'} (version {noted.get('package_version')}, "
            f"code {str(noted.get('code'))[:12]}), with the libraries of requirements.lock "
            f"{str((noted.get('lock') or {}).get('sha256'))[:12]}; check that out, install it and verify there"
        )
    elif not kept.is_dir():
        verified.why = f"what it was made of is not recorded in this home ({kept})"
    elif lost := _before_dropped(release):
        verified.why = (
            f"it follows {lost}, whose whole files were dropped; `publicvalue releases --restore {lost}` first"
        )
    if verified.why:
        return
    open_home(home.root)  # one that was just restored lacks the parts that can be built again
    aside = Home(Path(tempfile.mkdtemp(dir=home.tmp, prefix="verify-")))
    try:
        built = _build(home, aside, release, noted, kept)
        before, now = read_checksums(release), read_checksums(built)
        verified.differ = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
        verified.rebuilt = not verified.differ and built.name == version
        if built.name != version:
            verified.why = f"it came out as {built.name}"
    finally:
        shutil.rmtree(aside.root, ignore_errors=True)


def _build(home: Home, aside: Home, release: Path, noted: dict[str, Any], kept: Path) -> Path:
    channel = release.parent.name
    for part in PARTS:
        if part in {"snapshots", "lake", "sample"}:  # read, and of the lake only added to
            (aside.root / part).symlink_to(home.root / part)
        else:
            (aside.root / part).mkdir()
    shutil.copytree(kept, aside.inputs / channel)
    channel_dir = aside.releases / channel
    channel_dir.mkdir()
    own = Version.parse(release.name)
    for version in store.versions(release.parent):
        if version < own:
            (channel_dir / str(version)).symlink_to(release.parent / str(version))
    if earlier := json.loads((kept / EARLIER).read_text(encoding="ascii"))["latest"]:
        (channel_dir / store.LATEST).symlink_to(earlier)
    parameters = noted.get("parameters") or {}
    options = RunOptions(sample_rows=parameters.get("sample_rows"), as_of=date.fromisoformat(noted["as_of"]))
    source = cast("MirrorSource", Recorded(channel, kept))
    work = Work(
        aside,
        options,
        date.fromisoformat(noted["as_of"]),
        (),
        Progress(),
        seen=(source, _register(home, channel, options)),
    )
    steps.build(work)
    steps.score(work)
    steps.check(work)
    return steps.publish(work).path


def _register(home: Home, channel: str, options: RunOptions) -> Registry:
    return choose_input(home, options)[1] if channel == "sample" else load_registry()


def _before_dropped(release: Path) -> str | None:
    before = [one for one in store.versions(release.parent) if one < Version.parse(release.name)]
    if before and not (release.parent / str(before[-1]) / store.WHOLE).exists():
        return str(before[-1])
    return None


def in_words(verified: Verified) -> str:
    """The outcome for a person."""
    lines = [f"{verified.version}: {verified.checked} files checked"]
    lines[0] += f", {len(verified.wrong)} WRONG" if verified.wrong else ", each has the checksum it was released with"
    lines += [f"  {one}" for one in verified.wrong]
    if verified.dropped:
        lines.append(f"  {verified.dropped} whole files were dropped under the retention rule")
    if verified.rebuilt:
        lines.append("  built again from the stored files: every byte came out the same")
    elif verified.rebuilt is False:
        lines.append(f"  built again from the stored files: IT DIFFERS {verified.why}".rstrip())
        lines += [f"    {name}" for name in verified.differ]
    elif verified.why:
        lines.append(f"  not built again: {verified.why}")
    return "\n".join(lines)
