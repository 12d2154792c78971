"""rclone judges our archive: a client of Drive that nobody here wrote."""

from __future__ import annotations

from pathlib import Path

from tests.clients.rclone import make_rclone
from tests.fixtures.drive import RunningDrive
from tests.store.media.drive.conftest import Workshop


def test_rclone_finds_nothing_wrong_with_our_archive(
    drive: RunningDrive, google_proxy: str, workshop: Workshop, tmp_path: Path
) -> None:
    local, store = tmp_path / "local", workshop.store()
    names = ("O'Brien \\ co/film.mp4", "khaby.lame/2025/01/khaby.lame_1.mp4", "🌙 نور/" + "a" * 180)
    for seed, (name, size) in enumerate(zip(names, (0, 1000, 6_000_000), strict=True)):
        piece = workshop.piece(size, path=f"TikTok/{name}", seed=seed)
        path = local / piece.path
        path.parent.mkdir(parents=True)
        path.write_bytes(piece.source.read_bytes())
        store.put(piece)
        store.put(piece)
    rclone = make_rclone(drive, google_proxy, tmp_path)

    checked = rclone("check", str(local), "gd:")
    twins = rclone("dedupe", "list", "gd:")
    link = rclone("link", "gd:TikTok/khaby.lame/2025/01/khaby.lame_1.mp4")

    assert "0 differences found" in checked.stderr, checked.stderr
    assert "3 matching files" in checked.stderr
    assert twins.stdout == ""
    assert link.stdout.startswith("https://drive.google.com/")
