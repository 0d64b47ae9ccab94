"""The way to the phones is sealed, with a certificate of this session alone."""

from __future__ import annotations

import http.client
import socket
import ssl
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address

import pytest
from cryptography import x509

from mbtg_video.errors import BadInput
from mbtg_video.studio.room import address as address_
from mbtg_video.studio.room.address import checked_address, own_address
from mbtg_video.studio.room.certificate import grouped, make_certificate, make_context


def unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_the_certificate_served_is_the_one_whose_fingerprint_is_shown(room):
    with (
        socket.create_connection(("127.0.0.1", room.port), timeout=10) as plain,
        unverified().wrap_socket(plain) as sealed,
    ):
        shown = sealed.getpeercert(binary_form=True)
        assert sealed.version() in ("TLSv1.2", "TLSv1.3")
    assert shown
    assert grouped(sha256(shown).hexdigest()) == room.room.fingerprint
    certificate = x509.load_der_x509_certificate(shown)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1")]
    now = datetime.now(UTC)
    assert certificate.not_valid_before_utc < now < certificate.not_valid_after_utc
    assert certificate.not_valid_after_utc - now <= timedelta(days=1)
    assert room.host().get("/api/session").json["fingerprint"] == room.room.fingerprint


def test_a_client_that_trusts_it_alone_is_satisfied(room):
    pem = ssl.get_server_certificate(("127.0.0.1", room.port))
    context = ssl.create_default_context(cadata=pem)
    connection = http.client.HTTPSConnection("127.0.0.1", room.port, context=context, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()


def test_plain_http_gets_nothing(room):
    connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=10)
    connection.request("GET", "/")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        connection.getresponse()
    connection.close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1")
def test_old_tls_is_refused(room):
    context = unverified()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", room.port), timeout=10) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(plain)


def test_the_key_is_in_no_file(room, tmp_path):
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"PRIVATE KEY" in path.read_bytes()]
    assert not list((room.room.library.root / "tmp").iterdir())


def test_the_file_that_python_reads_is_private_sealed_and_gone(tmp_path, monkeypatch):
    seen = []
    reading = ssl.SSLContext.load_cert_chain

    def spy(context, path, *rest, **named):
        seen.append((path, path.stat().st_mode & 0o777, path.read_bytes()))
        return reading(context, path, *rest, **named)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", spy)
    make_context(make_certificate("127.0.0.1"), tmp_path)
    ((path, mode, content),) = seen
    assert mode == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in content
    assert not path.exists()


def test_each_session_has_its_own():
    one, other = make_certificate("10.0.0.1"), make_certificate("10.0.0.1")
    assert one.fingerprint != other.fingerprint
    assert one.password not in repr(one).encode()


@pytest.mark.parametrize(
    "text", ["0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "localhost", "", "10.0.0.1:80"]
)
def test_an_address_that_is_none_or_many_is_refused(text):
    with pytest.raises(BadInput, match="address"):
        checked_address(text)


def test_the_computers_own_address_is_found_without_sending(monkeypatch):
    class Asking(socket.socket):
        found = "192.168.7.9"

        def connect(self, _address):
            assert self.type == socket.SOCK_DGRAM

        def getsockname(self):
            return self.found, 1

    monkeypatch.setattr(address_.socket, "socket", Asking)
    assert own_address() == "192.168.7.9"
    for found, why in (("127.0.0.1", "no network"), ("8.8.8.8", "whole internet")):
        Asking.found = found
        with pytest.raises(BadInput, match=why):
            own_address()
