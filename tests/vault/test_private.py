from contextlib import ExitStack, suppress

import pytest

from mbtg_video.library import open_library
from mbtg_video.vault.private import private_folder


@pytest.mark.parametrize("size", [1, 1 << 60], ids=["in memory", "among the drafts"])
def test_what_lay_plain_is_gone_after_an_error_and_when_a_killed_process_left_it(
    tmp_path, passphrase, library, size
):
    library.__exit__()
    drafts = library.root / "tmp"
    with ExitStack() as opened, suppress(KeyboardInterrupt):
        folder = opened.enter_context(private_folder(library.id, drafts, size))
        (folder / "film.mp4").write_bytes(b"plain")
        assert folder.stat().st_mode & 0o077 == 0
        assert (folder.parent == drafts) == (size > 1)
        raise KeyboardInterrupt
    assert not folder.exists()
    folder.mkdir()
    (folder / "film.mp4").write_bytes(b"plain")
    other = folder.with_name(f"mbtg-{library.id[::-1]}-x")
    other.mkdir()
    with open_library(library.root, passphrase):
        assert not folder.exists()
    assert other.exists()
    other.rmdir()
