from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from tests.store.factories import make_video
from tiktok.media.file_kinds import FileKind
from tiktok.media.paths import DEFAULT_TEMPLATE, Asked, InvalidTemplate, check_template, file_path, stem_of
from tiktok.media.wishes import Role

KHABY = Asked("profile", "khaby.lame")
VIDEO = make_video(
    id="7123456789012345678", username="khaby.lame", created_at=datetime(2025, 1, 10, 15, 30, tzinfo=UTC)
)


def test_the_default_gives_the_documented_tree() -> None:
    stem = stem_of(DEFAULT_TEMPLATE, VIDEO, KHABY)

    assert stem == "TikTok/profile/khaby.lame/2025/01/khaby.lame_7123456789012345678"


@pytest.mark.parametrize(
    ("role", "variant", "kind", "ending"),
    [
        (Role.VIDEO, "", FileKind.MP4, ".mp4"),
        (Role.VIDEO, "watermarked", FileKind.MP4, "_watermarked.mp4"),
        (Role.IMAGE, "03", FileKind.JPEG, "_03.jpg"),
        (Role.SOUND, "", FileKind.M4A, "_sound.m4a"),
        (Role.COVER, "", FileKind.WEBP, "_cover.webp"),
        (Role.AVATAR, "", FileKind.JPEG, "_avatar.jpg"),
        (Role.SUBTITLE, "eng-US.vtt", FileKind.VTT, ".eng-US.vtt"),
        (Role.SIDECAR, "", FileKind.JSON, ".json"),
    ],
)
def test_each_file_of_a_post_has_a_name_of_its_own(
    role: Role, variant: str, kind: FileKind, ending: str
) -> None:
    assert file_path("a/b", role, variant, kind) == f"a/b{ending}"


@pytest.mark.parametrize(
    "value", ["../../../etc", "/abs", "..", "a/../b", "\\\\server", "x" * 300, "\u202e", ""]
)
def test_nothing_from_outside_leaves_its_folder(value: str) -> None:
    video = make_video(id="71", username=value, description=value, display_name=value)

    stem = stem_of("TikTok/{value}/{display_name}/{description}_{id}", video, Asked(value, value))

    parts = PurePosixPath(stem).parts
    assert len(parts) == 4
    assert not {"..", ".", "/"} & set(parts)
    assert all(len(part.encode()) <= 180 for part in parts)


def test_a_long_description_does_not_cost_the_id() -> None:
    stem = stem_of("{description}_{id}", make_video(id="7123", description="long " * 80), KHABY)

    assert stem.startswith("7123_long long")


def test_what_is_not_known_is_called_so() -> None:
    video = make_video(id="71", username=None, created_at=None)

    assert stem_of(DEFAULT_TEMPLATE, video, KHABY) == "TikTok/profile/khaby.lame/unknown/unknown/unknown_71"


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{nope}/{id}", "{nope} is not known"),
        ("{year}/{month}", "its last part lacks {id}"),
        ("a//{id}", "a part of it is empty"),
        ("../{id}", "a part of it is empty, or nothing but dots"),
        ("/abs/{id}", "a part of it is empty"),
        ("{id", "expected '}'"),
        ("{id!r}", "neither formats nor conversions"),
        ("{id:>999999999}", "neither formats nor conversions"),
        ("{id.__class__}", "is not known"),
    ],
)
def test_a_template_that_can_not_name_files_is_refused(template: str, problem: str) -> None:
    with pytest.raises(InvalidTemplate) as refused:
        check_template(template)

    assert problem in str(refused.value)
