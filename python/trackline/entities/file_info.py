from __future__ import annotations

from dataclasses import dataclass

from trackline.entities._entity import Entity


@dataclass(frozen=True)
class FileInfo(Entity):
    """A file or folder among artifacts; `file_size` in bytes, absent for a folder."""

    path: str
    is_dir: bool
    file_size: int | None
