import pytest
from click.testing import CliRunner

from mbtg_video.cli import command
from mbtg_video.errors import WrongPassphrase
from mbtg_video.library import open_library


def test_init_prints_a_recovery_code_that_opens_the_library(tmp_path, passphrase):
    root = tmp_path / "new" / "library"
    run = CliRunner().invoke(command, ["init", str(root)], env={"MBTG_PASSPHRASE": passphrase})
    assert run.exit_code == 0
    code = run.stdout.split("Recovery code: ")[1].split()[0]
    with open_library(root, code) as library:
        assert library.root == root


def test_a_passphrase_file_that_is_not_there_makes_nothing(tmp_path):
    root = tmp_path / "library"
    arguments = ["init", str(root), "--passphrase-file", str(tmp_path / "absent")]
    run = CliRunner().invoke(command, arguments)
    assert run.exit_code == 6
    assert "absent" in run.stderr
    assert not root.exists()


def test_init_refuses_a_folder_in_use(mbtg):
    before = mbtg.state()
    assert "not empty" in mbtg.refused(2, "init")
    assert mbtg.state() == before


def test_a_wrong_passphrase_exits_with_six_and_a_plain_sentence(mbtg, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase\n")
    said = mbtg.refused(6, "group", "list", "--passphrase-file", wrong)
    assert said == "Error: This passphrase does not open the library. Try again.\n"
    with pytest.raises(WrongPassphrase):
        open_library(mbtg.root, "not the passphrase")


def test_a_passphrase_file_may_begin_with_a_byte_order_mark(mbtg, tmp_path, passphrase):
    file = tmp_path / "words.txt"
    file.write_text(f"{passphrase}\n", encoding="utf-8-sig")
    assert mbtg("group", "list", "--json", "--passphrase-file", file).stdout == "[]\n"


def test_a_missing_library_says_how_to_make_one(mbtg, tmp_path):
    assert "mbtg init" in mbtg.refused(6, "group", "list", "--library", tmp_path / "none")


def test_options_work_before_and_after_the_command(mbtg):
    assert mbtg("--json", "group", "list").stdout == mbtg("group", "list", "--json").stdout
    assert mbtg("group", "--json", "list").stdout == "[]\n"
