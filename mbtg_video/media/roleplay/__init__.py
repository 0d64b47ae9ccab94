"""A role-play that nobody played: drawn and voiced by numbers, the same every time."""

from mbtg_video.media.roleplay.make import make_roleplay

__all__ = ["make_roleplay"]
