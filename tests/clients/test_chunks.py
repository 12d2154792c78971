"""Our chunks against an upload server that nobody here wrote."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from random import Random
from typing import Any

import googleapiclient
import pytest
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build_from_document

from store.media.drive.chunks import ChunkedFile, send
from store.media.drive.patience import Patience
from tests.clients.emulator import running_emulator

BLOCK = 262_144
CHUNK = 2 * BLOCK


@pytest.fixture(scope="module")
def storage() -> Iterator[Any]:
    """Cloud Storage's API at the emulator."""
    document = json.loads(
        (
            Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "storage.v1.json"
        ).read_bytes()
    )
    with running_emulator() as url:
        document |= {"rootUrl": f"{url}/", "baseUrl": f"{url}/{document['servicePath']}"}
        document.pop("mtlsRootUrl", None)
        with build_from_document(document, credentials=AnonymousCredentials()) as service:  # type: ignore[no-untyped-call]
            yield service


@pytest.mark.parametrize("size", [0, 1, BLOCK, CHUNK, 4 * BLOCK, 5 * BLOCK + 1])
def test_a_file_of_any_size_arrives(storage: Any, tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(Random(size).randbytes(size))  # noqa: S311  # contents, not secrets

    answer = send(insert(storage, file), Patience(), session=None, keep=lambda _: None)

    assert int(answer["size"]) == size
    assert answer["md5Hash"] == checksum(file)


def test_another_process_goes_on_where_one_stopped(storage: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(Random(1).randbytes(5 * BLOCK + 1))  # noqa: S311  # as above
    first = insert(storage, file)
    assert first.next_chunk(num_retries=0)[1] is None

    kept: list[str] = []
    answer = send(insert(storage, file), Patience(), session=first.resumable_uri, keep=kept.append)

    assert answer["md5Hash"] == checksum(file)
    assert kept == []


def insert(storage: Any, file: Path) -> Any:
    media = ChunkedFile(file, mimetype="application/octet-stream", chunksize=CHUNK, resumable=True)
    return storage.objects().insert(bucket="box", name=file.name, media_body=media)


def checksum(file: Path) -> str:
    return base64.b64encode(md5(file.read_bytes(), usedforsecurity=False).digest()).decode()
