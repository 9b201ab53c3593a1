"""The nginx configuration of docs/web.md, run: TLS, users by password and by certificate, and no forged names."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
import subprocess
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, WSServerHandshakeError

from console.web.gate import SECRET_HEADER, ProxyGate
from console.web.server import bound_file
from tests.programs import program
from tests.web.serving import alarmed, served, sitting

ROOT = Path(__file__).resolve().parents[2]
HEADER, SECRET = "X-Remote-User", "5f" * 32
PASSWORD = "a good password"
FORGED = {HEADER: "chief", HEADER.lower(): "chief", "X_Remote_User": "chief", SECRET_HEADER: "guessed"}


def password(said: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'anna:{said}'.encode()).decode()}"}


ANNA = password(PASSWORD)


def run(*argv: str | Path, cwd: Path, given: str | None = None) -> str:
    return subprocess.run([str(each) for each in argv], cwd=cwd, check=True, capture_output=True, text=True, input=given).stdout


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server's certificate, an authority for users, and a user's certificate from it."""
    folder, openssl = tmp_path_factory.mktemp("certificates"), program("openssl")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    run(openssl, "req", "-x509", *key, "-keyout", "console.key", "-out", "console.crt", "-days", "2", *names, cwd=folder)
    for authority in ("users", "others"):
        run(
            openssl,
            "req",
            "-x509",
            *key,
            "-keyout",
            f"{authority}.key",
            "-out",
            f"{authority}.crt",
            "-days",
            "2",
            "-subj",
            f"/CN={authority}",
            cwd=folder,
        )
        run(openssl, "req", "-new", *key, "-keyout", f"of-{authority}.key", "-out", "of.csr", "-subj", "/O=Force/CN=Sgt Vowles", cwd=folder)
        signed = ("-CA", f"{authority}.crt", "-CAkey", f"{authority}.key", "-CAcreateserial", "-days", "2")
        run(openssl, "x509", "-req", "-in", "of.csr", "-out", f"of-{authority}.crt", *signed, cwd=folder)
    hashed = run(openssl, "passwd", "-apr1", "-stdin", cwd=folder, given=PASSWORD).strip()
    (folder / "users").write_text(f"anna:{hashed}\n")
    (folder / "secret.conf").write_text(f"proxy_set_header {SECRET_HEADER} {SECRET};\n")
    return folder


def free() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@asynccontextmanager
async def nginx(folder: Path, certificates: Path, upstream: str, path: Path) -> AsyncIterator[tuple[str, str]]:
    """Run the documented configuration with these paths; give the addresses of its two servers."""
    found = re.search(r"<!-- nginx -->\n```nginx\n(.*?)```", (ROOT / "docs" / "web.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    ports = free(), free()
    text = found[1]
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{ports[0]} ssl"),
        ("listen 8443 ssl", f"listen 127.0.0.1:{ports[1]} ssl"),
        ("http://127.0.0.1:8023", upstream),
        ("/run/console/console.sock", str(path)),
        ("/etc/nginx/console-users.crt", str(certificates / "users.crt")),
        ("/etc/nginx/console-users;", f"{certificates / 'users'};"),
        ("/etc/nginx/console-secret.conf", str(certificates / "secret.conf")),
        ("/etc/nginx/console.", f"{certificates}/console."),
    ):
        assert old in text, old
        text = text.replace(old, new)
    kept = "".join(f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; {user} pid {folder / 'pid'}; error_log stderr warn;\nevents {{}}\nhttp {{ access_log off; {kept}\n{text}\n}}\n"
    )
    process = await asyncio.create_subprocess_exec(program("nginx"), "-p", str(folder), "-c", str(conf), "-e", "stderr")
    try:
        for port in ports:
            for _ in range(200):
                assert process.returncode is None, "nginx ended"
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                except ConnectionError:
                    await asyncio.sleep(0.05)
        yield f"https://localhost:{ports[0]}", f"https://localhost:{ports[1]}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def trusting(certificates: Path, authority: str = "") -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=str(certificates / "console.crt"))
    if authority:
        made.load_cert_chain(certificates / f"of-{authority}.crt", certificates / f"of-{authority}.key")
    return made


async def test_users_are_who_the_proxy_says(tmp_path: Path, certificates: Path) -> None:
    """By password or certificate a user is let in and signs in that name, whatever else the browser says; nobody else is."""
    by_secret, by_socket = alarmed(), alarmed()
    path = tmp_path / "console.sock"
    async with (
        ClientSession() as client,
        served(by_secret, lambda port: ProxyGate(HEADER, SECRET)) as upstream,
        served(by_socket, lambda port: ProxyGate(HEADER, None), bound_file(path)),
        nginx(tmp_path, certificates, upstream, path) as (passwords, cards),
    ):
        plain = trusting(certificates)
        async with client.get(passwords, ssl=plain, headers=FORGED) as answer:
            assert answer.status == 401
        async with client.get(passwords, ssl=plain, headers=password("guessed")) as answer:
            assert answer.status == 401
        async with client.get(passwords, ssl=plain, headers=FORGED | ANNA) as answer:
            page = await answer.text()
        assert answer.status == 200
        assert f'data-session-websocket-url="{passwords.replace("https", "wss")}/ws"' in page
        async with client.get(f"{passwords}/static/js/textual.js", ssl=plain, headers=ANNA) as answer:
            assert answer.status == 200
        async with sitting(client, passwords, FORGED | ANNA, plain) as seen:
            await seen.wait("acknowledge")
            await seen.press("a")
            await seen.wait("acknowledged by anna")
        assert [dict(command.args)["by"] for command in by_secret.commands] == ["anna"]

        for known in (plain, trusting(certificates, "others")):
            async with client.get(cards, ssl=known, headers=FORGED) as answer:
                assert answer.status == 400
        async with sitting(client, cards, FORGED, trusting(certificates, "users")) as seen:
            await seen.wait("acknowledge")
            await seen.press("a")
            await seen.wait("acknowledged by Sgt Vowles")
        assert [dict(command.args)["by"] for command in by_socket.commands] == ["Sgt Vowles"]


async def test_nobody_is_named_around_the_proxy(tmp_path: Path, certificates: Path) -> None:
    """Who reaches the console's own port says a name in vain, for the page, an asset and a sitting; TLS is all that the proxy speaks."""
    async with (
        ClientSession() as client,
        served(alarmed(), lambda port: ProxyGate(HEADER, SECRET)) as upstream,
        nginx(tmp_path, certificates, upstream, tmp_path / "none") as (passwords, _),
    ):
        for headers in ({HEADER: "anna"}, FORGED, {**FORGED, SECRET_HEADER: SECRET[:-1]}, ANNA):
            for where in ("/", "/static/js/textual.js"):
                async with client.get(upstream + where, headers=headers) as answer:
                    assert answer.status == 403
            with pytest.raises(WSServerHandshakeError) as failed:
                await client.ws_connect(f"{upstream}/ws", origin=upstream, headers=headers)
            assert failed.value.status == 403
        async with client.get(passwords.replace("https", "http"), headers=ANNA) as answer:
            assert answer.status == 400
        with pytest.raises(ClientError):
            await client.get(passwords, headers=ANNA)
