"""Table of Google Drive: what we made there, or are about to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.types import UtcDateTime

ID_LENGTH = 128
NAME_LENGTH = 255


class DriveItemRow(Base):
    """A file or folder. The id stands here before the thing is made: `store.media.drive.catalogue`."""

    __tablename__ = "drive_items"
    __table_args__ = (Index("ux_drive_items_id", "id", unique=True), CLUSTERED)

    parent_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    """The folder's id in Drive."""
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH))
    is_made: Mapped[bool]
    is_adopted: Mapped[bool]
    """It was in Drive before it was here."""
    md5: Mapped[str | None] = mapped_column(String(32))
    """Of the content that we put there."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Address of an unfinished upload, encrypted."""
    key_id: Mapped[str | None] = mapped_column(String(16))
    session_md5: Mapped[str | None] = mapped_column(String(32))
    """Of the content that is being uploaded."""
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)


DRIVE_ITEMS = Base.metadata.tables[DriveItemRow.__tablename__]
