"""``mbtg course``."""

from __future__ import annotations

from mbtg_video.cli.agenda import course_agenda
from mbtg_video.cli.options import noun

command = noun("The course: days, slots, participants, duties.")
command.add_command(course_agenda)
