import json
import unicodedata

import pytest

from mbtg_video.errors import BadInput, ConfigurationError, Damaged, WrongPassphrase
from mbtg_video.vault.keys import create_keys, open_keys

PASSPHRASE = "correct horse battery"


@pytest.fixture
def keys(tmp_path):
    ring, code = create_keys(tmp_path / "keys", PASSPHRASE)
    return tmp_path / "keys", ring, code


def test_passphrase_and_recovery_code_open_the_same_keys(keys):
    folder, ring, code = keys
    for secret in (PASSPHRASE, code, f" {code.lower().replace('-', ' ')} "):
        opened = open_keys(folder, secret)
        assert opened.master == ring.master
        assert opened.library_key == ring.library_key
        assert (opened.audit_key, opened.fingerprint_key) == (ring.audit_key, ring.fingerprint_key)


def test_letters_may_be_typed_as_one_sign_or_as_two(tmp_path):
    ring, _ = create_keys(tmp_path / "keys", unicodedata.normalize("NFC", "blåbærsyltetøy"))
    again = open_keys(tmp_path / "keys", unicodedata.normalize("NFD", "blåbærsyltetøy"))
    assert again.master == ring.master


def test_a_wrong_passphrase_is_told_in_a_plain_sentence(keys):
    with pytest.raises(WrongPassphrase, match="does not open the library"):
        open_keys(keys[0], "correct horse batterx")


def test_a_short_passphrase_is_refused_and_makes_nothing(tmp_path):
    with pytest.raises(BadInput, match="8 characters"):
        create_keys(tmp_path / "keys", "short")
    assert not (tmp_path / "keys").exists()


def test_no_key_lies_in_the_folder_in_the_clear(keys):
    folder, ring, code = keys
    stored = b"".join(path.read_bytes() for path in folder.iterdir())
    for secret in (ring.library_key, ring.audit_key, ring.fingerprint_key):
        assert secret not in stored
        assert secret.hex().encode() not in stored
    assert code.encode() not in stored
    assert PASSPHRASE.encode() not in stored


def test_sealed_text_belongs_to_its_column(keys):
    ring = keys[1]
    sealed = ring.seal_text("tag.note", "Frk. Ærlig gråt")
    assert ring.open_text("tag.note", sealed) == "Frk. Ærlig gråt"
    with pytest.raises(Damaged):
        ring.open_text("tag.label", sealed)


def test_a_data_key_belongs_to_its_object(keys):
    ring = keys[1]
    wrapped = ring.wrap_data_key("a", b"d" * 32)
    assert ring.open_data_key("a", wrapped) == b"d" * 32
    with pytest.raises(Damaged):
        ring.open_data_key("b", wrapped)


@pytest.mark.parametrize("broken", ["{}", "not json", json.dumps({"kind": "passphrase"})])
def test_a_broken_key_file_is_named(keys, broken):
    (keys[0] / "passphrase.slot.json").write_text(broken)
    with pytest.raises(ConfigurationError, match=r"passphrase\.slot\.json"):
        open_keys(keys[0], PASSPHRASE)


def test_missing_keys_are_told(keys):
    for path in keys[0].iterdir():
        path.unlink()
    with pytest.raises(ConfigurationError, match="backup"):
        open_keys(keys[0], PASSPHRASE)
