"""The bar that a crawl draws on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class ProgressBar(Progress):
    """Goes away when it is stopped."""

    def __init__(self, name: str) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.crawl = self.add_task(name, total=None, rows="")

    def tell(self, found: int, declared: int | None, words: str) -> None:
        """Show how far the crawl is."""
        self.update(self.crawl, completed=found, total=declared, rows=words)
