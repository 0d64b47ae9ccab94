"""``mbtg course``."""

from __future__ import annotations

from mbtg_video.cli.course_letters import letters
from mbtg_video.cli.course_progress import progress
from mbtg_video.cli.options import noun

command = noun("The course: days, slots, participants, duties.")
command.add_command(progress)
command.add_command(letters)
