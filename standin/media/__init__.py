"""Files that players accept, written byte by byte: videos, sounds, pictures and subtitles of any length."""
