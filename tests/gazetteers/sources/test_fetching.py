"""Dumps come over HTTP: whole, from the host that was named, or not at all and with a reason."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from geoevents.errors import BadInput, SourceUnreachable
from geoevents.gazetteers.sources.fetching import Patience, fetch
from geoevents.gazetteers.sources.getting import Asked, Surroundings, arrival, reach
from tests.gazetteers.sources.conftest import QUICK, TODAY, line, write_dump

GOOD = line(8, "Tell Test", 37.0, 36.0)
PATH = "/export/dump/SY.zip"


@pytest.fixture
def zipped(tmp_path) -> bytes:
    return write_dump(tmp_path / "SY.zip", GOOD).read_bytes()


def test_a_country_is_fetched_by_its_code_and_geonames_is_thanked(desk, served, zipped):
    served.files[PATH] = zipped

    added = desk.add("sy", url=served.url)[0]

    assert (added.source.manifest.origin, added.source.manifest.thanks) == (
        f"{served.url}SY.zip",
        "GeoNames (CC BY 4.0)",
    )
    assert desk.ids_of("Tell Test") == ["geonames:8"]
    assert list((desk.root / "incoming").glob("*.tmp")) == []


def _redirects(handler):
    handler.send_response(302)
    handler.send_header("Location", "http://localhost:1/SY.zip")
    handler.end_headers()


def _is_cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"PK")


def _is_endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        pass


def _hangs(handler):
    time.sleep(1.2)


def _is_huge(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "99999999999")
    handler.end_headers()


def _is_busy(handler):
    handler.send_error(503)


def _goes_round(handler):
    handler.send_response(302)
    handler.send_header("Location", PATH)
    handler.end_headers()


def _goes_nowhere(handler):
    handler.send_response(302)
    handler.end_headers()


def _speaks_to_the_terminal(handler):
    handler.send_response(404, "\x1b]0;x\x07 of its own")
    handler.end_headers()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_goes_round, "sends on again and again"), (_goes_nowhere, "or to nowhere"),
        (_speaks_to_the_terminal, "the server says 404 Not Found"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_server_is_in_our_words(desk, served, answer, said):
    served.answers[PATH] = answer

    with pytest.raises(SourceUnreachable, match=said) as failed:
        desk.add("SY", url=served.url)

    assert "\n" not in str(failed.value)


def _trickles_its_head(handler):
    _trickle(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1_000)


def _trickles_its_content(handler):
    _trickle(handler, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 900)


def _trickles_its_chunks(handler):
    _trickle(handler, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 900)


def _trickle(handler, content):
    try:
        for at in range(len(content)):
            handler.wfile.write(content[at : at + 1])
            time.sleep(0.01)
    except OSError:
        pass


@pytest.mark.parametrize("answer", [_trickles_its_head, _trickles_its_content, _trickles_its_chunks])
def test_a_server_that_sends_a_byte_now_and_then_is_given_up(served, tmp_path, answer):
    served.answers[PATH] = answer
    patience = Patience(timeout=1.0, tries=1, grace=1.0)
    started = time.monotonic()

    with pytest.raises(SourceUnreachable, match="it came too slowly"):
        fetch(f"{served.url}SY.zip", tmp_path / "SY.zip", patience=patience)

    assert time.monotonic() - started < 10
    assert not (tmp_path / "SY.zip").exists()


@pytest.mark.parametrize(
    ("answer", "said", "tries"),
    [
        (None, "404", 1), (_redirects, "another host, localhost", 1), (_is_cut, "only 2 of 5000 bytes", 2),
        (_is_endless, "larger than 1 MB", 1), (_is_huge, "larger than 1 MB", 1),
        (_hangs, "no answer in 0.5 s", 2), (_is_busy, "503", 2),
    ],
)  # fmt: skip
def test_what_does_not_come_whole_changes_nothing_and_says_why(desk, served, answer, said, tries):
    if answer:
        served.answers[PATH] = answer

    with pytest.raises(SourceUnreachable, match=said):
        desk.add("SY", url=served.url)

    assert (len(served.asked), list((desk.root / "incoming").iterdir())) == (tries, [])


def test_what_comes_but_is_no_dump_is_refused(desk, served):
    served.files[PATH] = b"<html>please log in</html>"

    with pytest.raises(BadInput, match=r"SY\.zip is no whole zip"):
        desk.add("SY", url=served.url)

    assert desk.shelf.sources() == []


def test_a_failure_that_passes_is_tried_again(desk, served, zipped):
    def fails_once(handler):
        del served.answers[PATH]
        handler.send_error(503)

    served.files[PATH], served.answers[PATH] = zipped, fails_once

    assert desk.add("SY", url=served.url)[0].tally.taken == 1


def test_what_has_not_changed_is_not_fetched_again(served, zipped, tmp_path):
    served.files[PATH] = zipped
    first = fetch(f"{served.url}SY.zip", tmp_path / "first", patience=QUICK)

    again = fetch(f"{served.url}SY.zip", tmp_path / "again", patience=QUICK, known=first)
    served.files[PATH] = zipped + b"more"
    changed = fetch(f"{served.url}SY.zip", tmp_path / "changed", patience=QUICK, known=first)

    assert (again, (tmp_path / "again").exists(), changed.etag) == (None, False, f'"{len(zipped) + 4}"')


@pytest.fixture
def trusted(tmp_path, monkeypatch) -> ssl.SSLContext:
    """What a server of this machine needs for https, trusted by whoever connects."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=here -addext subjectAltName=DNS:localhost"
    openssl = shutil.which("openssl") or pytest.skip("no openssl to make a certificate with")
    subprocess.run(
        [openssl, *asked.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("after", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\nPK"])
def test_a_line_that_breaks_within_what_is_encrypted_is_a_failure_of_the_network(tmp_path, trusted, after):
    tries = []

    def break_it(listener):
        for _ in range(QUICK.tries):
            tries.append(listener.accept()[0])
            secured = trusted.wrap_socket(tries[-1], server_side=True)
            secured.recv(65_536)
            if after:
                secured.sendall(after)
            with socket.socket(fileno=secured.detach()) as bare:
                bare.sendall(b"this is no record of TLS" * 9)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=break_it, args=(listener,), daemon=True)
        thread.start()
        with pytest.raises(SourceUnreachable, match=r"https://localhost.*SSL"):
            fetch(f"https://localhost:{listener.getsockname()[1]}/SY.zip", tmp_path / "SY", patience=QUICK)
        thread.join()

    assert (len(tries), (tmp_path / "SY").exists()) == (QUICK.tries, False)


def test_a_disk_that_cannot_be_written_is_no_failure_of_the_network(served, zipped, tmp_path):
    served.files[PATH] = zipped

    with pytest.raises(FileNotFoundError):
        fetch(f"{served.url}SY.zip", tmp_path / "nowhere" / "SY.zip", patience=QUICK)

    assert served.asked == [PATH]


def test_nothing_is_fetched_while_that_is_off(desk):
    with pytest.raises(BadInput, match="GEOEVENTS_GEONAMES_URL is off"):
        desk.add("SY", url=None)


def test_a_server_that_is_not_there_is_known_at_once():
    started = time.monotonic()

    with pytest.raises(SourceUnreachable):
        reach("http://127.0.0.1:9/", 30.0)

    assert time.monotonic() - started < 10
    assert Patience().tries > 1


@pytest.mark.eval
def test_whole_dumps_are_fetched_and_their_made_up_ids_are_never_geonames(desk, served, eval_folder):
    for path in eval_folder.glob("??.zip"):
        served.files[f"/export/dump/{path.name}"] = path.read_bytes()
    patient = Surroundings(
        geonames_url=served.url, incoming=desk.root, boxes={}, patience=Patience(most_bytes=50_000_000),
        watch=lambda message: None,
    )  # fmt: skip

    added = desk.shelf.add([arrival(Asked(what="SY"), patient)], today=TODAY, watch=lambda message: None)[0]

    ids = [record.place_id.partition(":") for record in added.source.records()]
    assert (added.tally.taken > 10_000, len({"".join(each) for each in ids})) == (True, added.tally.taken)
    assert max(int(key) for source, _, key in ids if source == "geonames") < 900_000_000
    assert {source for source, _, _ in ids} == {"geonames", "sy"}
