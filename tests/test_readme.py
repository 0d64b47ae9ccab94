"""The README tells every command, and nothing that is not there."""

import re
from pathlib import Path

import click

from mbtg_video.cli import command

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def commands():
    context = command.make_context("mbtg", [], resilient_parsing=True)
    for noun in command.list_commands(context):
        found = command.get_command(context, noun)
        if isinstance(found, click.Group):
            for verb in found.list_commands(context):
                yield f"mbtg {noun} {verb}", found.get_command(context, verb)
        else:
            yield f"mbtg {noun}", found


def test_every_command_has_its_line_and_every_line_its_command():
    told = {
        " ".join(word for word in line.split()[:3] if re.fullmatch(r"[a-z]+(-[a-z]+)?", word))
        for line in re.findall(r"^\| `(mbtg [^`]*)`", README, re.MULTILINE)
    }
    assert told == {name for name, _ in commands()}


def test_every_option_named_in_the_readme_exists():
    by_name = dict(commands())
    lines = re.findall(r"^\| `(mbtg [^`]*)`", README, re.MULTILINE)
    for line in lines:
        words = [word for word in line.split()[:3] if re.fullmatch(r"[a-z]+(-[a-z]+)?", word)]
        found = by_name[" ".join(words)]
        known = {name for parameter in found.params for name in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line


def test_every_command_says_what_it_does():
    for name, found in commands():
        assert found.help, name
        assert len(found.help) > 10, name
