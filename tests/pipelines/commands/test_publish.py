"""publish to a folder and to an S3 server over real HTTP; what arrived is read back, and latest.json comes last."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import cli
from published import publish_to
from published.errors import ReleaseError
from sources.errors import PublicValueError, UsageError

Ask = Callable[..., Result]


@pytest.fixture
def home(released: Path, tmp_path: Path) -> Path:
    """`released` is root/releases/sample/1.0.0 with its `latest`."""
    shutil.copytree(released.parents[1], tmp_path / "home" / "releases", symlinks=True)
    return tmp_path / "home"


@pytest.fixture
def ask(home: Path) -> Ask:
    return lambda *arguments: CliRunner().invoke(cli, ["publish", "--home", str(home), *arguments])


def test_a_folder_gets_every_file_and_a_second_time_none(ask: Ask, home: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    first = ask("--to", str(target))
    assert first.exit_code == 0, first.exception
    release = home / "releases/sample/1.0.0"
    names = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    assert {
        path.relative_to(target / "1.0.0").as_posix() for path in (target / "1.0.0").rglob("*") if path.is_file()
    } == names
    assert json.loads((target / "latest.json").read_text()) == {"version": "1.0.0", "channel": "sample"}
    second = ask("--to", str(target), "--all")
    assert f"0 files sent and read back, {len(names) - 1} were there" in second.output


def test_a_version_that_holds_something_else_is_not_overwritten(ask: Ask, tmp_path: Path) -> None:
    target = tmp_path / "out"
    ask("--to", str(target))
    (target / "1.0.0/SHA256SUMS").write_text("other")
    result = ask("--to", str(target))
    assert isinstance(result.exception, UsageError)
    assert "holds another 1.0.0 already" in str(result.exception)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("ftp://x/y", "give a folder, or s3://bucket/prefix"),
        ("s3://key:secret@bucket/x", "no credentials in the address"),
        ("s3://bucket/x", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"),
    ],
)
def test_wrong_targets_are_one_line_with_a_remedy(
    ask: Ask, target: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    result = ask("--to", target)
    assert isinstance(result.exception, PublicValueError)
    assert (result.exception.exit_code, words in str(result.exception)) == (2, True)


def test_a_target_inside_the_home_is_refused(ask: Ask, home: Path) -> None:
    assert "inside the home" in str(ask("--to", str(home / "releases/copy")).exception)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An S3 server that listens on a port, with an empty bucket; yields a client of it."""
    import boto3  # noqa: PLC0415
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-2",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", region_name="eu-west-2")
    client.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    yield client
    httpx.post(f"http://127.0.0.1:{port}/moto-api/reset")
    client.close()
    server.stop()


def test_a_bucket_gets_every_file_and_latest_last(
    ask: Ask, bucket: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = ask("--to", "s3://data/public-value")
    assert result.exit_code == 0, result.exception
    release = home / "releases/sample/1.0.0"
    held = {one["Key"]: one for one in bucket.list_objects_v2(Bucket="data")["Contents"]}
    names = {f"public-value/1.0.0/{path.relative_to(release)}" for path in release.rglob("*") if path.is_file()}
    assert held.keys() == names | {"public-value/latest.json"}
    for name in ("transactions.parquet", "reports/index.html"):
        body = bucket.get_object(Bucket="data", Key=f"public-value/1.0.0/{name}")["Body"].read()
        assert hashlib.sha256(body).digest() == hashlib.sha256((release / name).read_bytes()).digest()
    assert (
        max(held.values(), key=lambda one: one["LastModified"])["LastModified"]
        == held["public-value/latest.json"]["LastModified"]
    )
    assert "0 files sent" in ask("--to", "s3://data/public-value").output

    bucket.put_object(Bucket="data", Key="public-value/1.0.0/suppliers.csv", Body=b"damaged")
    monkeypatch.setattr(publish_to, "_digest", lambda system, path: "not what was sent")
    bucket.delete_object(Bucket="data", Key="public-value/latest.json")
    failed = ask("--to", "s3://data/public-value")
    assert isinstance(failed.exception, ReleaseError)
    assert "did not arrive as it was sent" in str(failed.exception)
    assert bucket.list_objects_v2(Bucket="data", Prefix="public-value/latest")["KeyCount"] == 0
    monkeypatch.undo()


def test_a_bucket_that_is_not_there_says_so(ask: Ask, bucket: Any) -> None:
    result = ask("--to", "s3://nobody/x")
    assert isinstance(result.exception, ReleaseError)
    assert "\n" not in str(result.exception)
