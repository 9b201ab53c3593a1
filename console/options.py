"""The command line's grammar."""

from __future__ import annotations

import argparse
from pathlib import Path

from console import __version__

FORMATS = ("text", "json", "csv", "parquet", "geojson")
FEEDS = "file:PATH, spool:DIR, tcp:[HOST:]PORT, unix:PATH, stdin, simulator or recording:FILE (repeat; else as the file is fed)"
BENCHES = ("selection", "keys", "links", "wire", "idle", "map", "lasso", "replay", "hub")  # the first where none is named


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(prog="console", description="A police force's command centre in a terminal.")
    top.add_argument("--version", action="version", version=f"console {__version__}")
    top.add_argument("--data", type=Path, metavar="FILE", help="the data file (else CONSOLE_DATA, else the default)")
    _hub(top)
    top.add_argument("--app", default="control", metavar="NAME", help="the app to open first")
    _viewing(top)
    top.add_argument("--speed", type=float, metavar="N", help="play the simulated force, or with --at the past, N times as fast")
    top.add_argument("--profile", default="", metavar="NAME", help="draw as full, 256, lean, mono or ascii (else as the terminal is)")
    top.add_argument("--no-diff", action="store_true", help="send the terminal whole panels, not only what changed in them")
    top.add_argument("--exports", type=Path, metavar="DIR", help="where e writes files (else $XDG_DATA_HOME/console/exports)")
    top.add_argument("--no-feed", action="store_true", help="show the file as it is; simulate nothing")
    top.add_argument("--play", type=Path, metavar="FILE", help="play recorded events (lines, plain or .gz) as the feed, at --speed")
    top.add_argument("--theme", metavar="NAME", help="dark, light or contrast (else CONSOLE_THEME, else console.toml, else dark)")
    top.add_argument("--reader", action="store_const", const=True, help="for a screen reader or a braille display: one panel, in words")
    top.add_argument("--served", action="store_true", help="for a login that is to have the screens and nothing else (docs/hub.md)")
    top.add_argument("--reports", type=Path, metavar="DIR", help="with --served: where the report of a fault goes (else the user's home)")
    top.add_argument("--keys", type=Path, metavar="FILE", help="other keys (else CONSOLE_KEYS, else keys.toml in the folder of settings)")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    init = _command(commands, "init", "make the data file with synthetic history")
    init.add_argument("--days", type=int, default=90)
    init.add_argument("--seed", type=int, default=1)

    ask = _command(commands, "ask", "print an app's panels, or any cross of the model, without a screen")
    ask.add_argument("target", metavar="APP[/PANEL]|FACT")
    _viewing(ask)
    _hub(ask, argparse.SUPPRESS)
    ask.add_argument("--format", choices=FORMATS, default="text", help="in CSV, selection_state is a value's state")
    ask.add_argument("--out", type=Path, metavar="FILE", help="write a new file, with marking, selection, time and sources in it")
    ask.add_argument("--by", metavar="FIELD[,FIELD]", help="cross a fact by these fields")
    ask.add_argument("--measure", metavar="M[,M]", default="count", help="with --by: the measures")
    ask.add_argument("--rows", action="store_true", help="print the fact's rows")
    ask.add_argument("--limit", type=int, default=None, metavar="N", help="with --rows: at most N")

    simulate = _command(commands, "simulate", "write the simulated force's events as lines")
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--start", metavar="TIME", help="the stream begins at the UTC midnight at or before it (else a day ago)")
    simulate.add_argument("--days", type=float, metavar="D", help="stop after D days (else play on for ever)")
    simulate.add_argument("--speed", type=float, default=1.0, help="with no --days: simulated seconds a second")

    ingest = _command(commands, "ingest", "take events from files, folders or standard input (-)")
    ingest.add_argument("targets", nargs="+", metavar="FILE|DIR|-")
    ingest.add_argument("--follow", action="store_true", help="keep reading what is appended or added")

    send = commands.add_parser("send", help="send events to a hub's door until each is acknowledged", description="docs/feeds.md")
    send.add_argument("file", metavar="FILE|-")
    send.add_argument("--to", required=True, metavar="DOOR", help="tcp:HOST:PORT or unix:PATH")
    send.add_argument("--secret", type=Path, metavar="FILE", help="holds the secret of a TCP door")
    send.add_argument("--patience", type=float, default=60.0, metavar="S", help="give up after S seconds without the hub (else 60)")
    send.add_argument("--all", action="store_true", help="send also what the hub says it holds")

    bring = _command(commands, "import", "import published files")
    bring.add_argument("source", choices=("police-uk", "stats19"))
    bring.add_argument(
        "files", nargs="+", type=Path, metavar="FILE|DIR", help="of stats19 a folder's collision, vehicle and casualty files"
    )
    bring.add_argument("--force", metavar="CODE|all", help="of stats19 the force whose rows are taken (else 52, Avon and Somerset)")

    web = _command(commands, "web", "serve the console to browsers, on 127.0.0.1 alone")
    web.add_argument("--port", type=int, default=8023, metavar="N", help="0 is any free one")
    web.add_argument("--proxy-user-header", metavar="NAME", help="the header in which a TLS proxy in front names its verified user")
    web.add_argument("--proxy-secret", type=Path, metavar="FILE", help="the proxy is known by this secret, which it sends along")
    web.add_argument("--socket", type=Path, metavar="FILE", help="the proxy is known by opening this Unix socket; no port is opened")

    hub = _command(commands, "hub", "own the file and its feed, and serve terminals on a Unix socket")
    hub.add_argument("action", nargs="?", choices=("serve", "status"), default="serve", help="status says how the hub at --socket stands")
    hub.add_argument("--json", action="store_true", help="of status: for programs")
    hub.add_argument("--feed", action="append", default=[], metavar="FEED", help=FEEDS)
    hub.add_argument("--feed-secret", type=Path, metavar="FILE", help="what senders at a TCP feed are to say (docs/feeds.md)")
    hub.add_argument("--socket", type=Path, metavar="PATH", help="else $XDG_RUNTIME_DIR/console-hub.sock, else beside the data file")
    hub.add_argument(
        "--policy", type=Path, metavar="FILE", help="who may see what, by their Unix groups (docs/policy.md); none: all see all"
    )
    hub.add_argument("--limit", type=int, default=4, metavar="N", help="questions answered at once")
    hub.add_argument("--deadline", type=float, default=30.0, metavar="S", help="seconds that a question is worked on")
    hub.add_argument("--clients", type=int, default=512, metavar="N", help="terminals served at once")
    hub.add_argument("--speed", type=float, default=argparse.SUPPRESS, metavar="N", help="play the simulated force N times faster")
    hub.add_argument("--no-feed", action="store_true", default=argparse.SUPPRESS, help="serve the file as it is; simulate nothing")

    bench = commands.add_parser("bench", help="measure against a baseline in the same run", description="Touches no data file but its own.")
    bench.add_argument("name", nargs="?", choices=BENCHES, default=BENCHES[0], metavar="NAME", help=", ".join(BENCHES))
    bench.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="incidents")
    bench.add_argument("--script", type=int, default=7, metavar="SEED", help="the selections follow from it")
    bench.add_argument("--json", action="store_true", help="print the report as JSON")
    bench.add_argument("--seconds", type=float, metavar="S", help="of hub: how long its clients sit (else 60)")
    bench.add_argument("--clients", type=int, metavar="N", help="of hub: clients beside three consoles (else 147)")

    verify = _command(commands, "verify", "look through the data file: its blocks, its counts, and its state against its events")
    verify.add_argument("--quick", action="store_true", help="leave out folding the events anew")

    backup = _command(commands, "backup", "write a checksummed backup of the data file")
    backup.add_argument("to", type=Path, metavar="TO", help="a new file, or a folder for one named by the moment")

    restore = _command(commands, "restore", "make a data file of a backup")
    restore.add_argument("copy", type=Path, metavar="FROM", help="the backup; its manifest lies beside it")
    restore.add_argument("--replace", action="store_true", help="keep the file that is there aside, and put the backup in its place")

    retention = _command(commands, "retention", "erase what is past the time that a policy keeps it")
    retention.add_argument("--policy", type=Path, required=True, metavar="FILE", help="how long what is kept, as TOML (docs/retention.md)")
    retention.add_argument("--dry-run", action="store_true", help="only say what would be erased, and what kept back")

    check = _command(commands, "check", "validate the model, the apps, the sources, a policy and the viewer's keys and settings")
    check.add_argument("--policy", type=Path, metavar="FILE", help="who may see what (docs/policy.md)")
    extract = _command(commands, "extract", "write the permitted rows of facts to a file of an analyst's own, marked and with an expiry")
    _hub(extract, argparse.SUPPRESS)
    _viewing(extract)
    extract.add_argument("--to", type=Path, required=True, metavar="FILE", help="FILE.duckdb, or FILE.parquet for one fact")
    extract.add_argument("--facts", metavar="FACT[,FACT]", help="which (else all that every selected clause reaches)")
    extract.add_argument("--expires", type=int, default=28, metavar="DAYS", help="from when it isn't to be used any more (else 28)")

    audit = _command(commands, "audit", "verify the audit, print its head, or list what is in it")
    _hub(audit, argparse.SUPPRESS)
    acts = audit.add_subparsers(dest="act", required=True, metavar="verify|head|list")
    verify = _command(acts, "verify", "find any change, removal, reordering or row put in")
    verify.add_argument("--head", action="append", default=[], metavar="FILE|TEXT", help="a head that was kept elsewhere (repeat for more)")
    verify.add_argument("--signer", type=Path, metavar="FILE", help="whose signature the heads bear: a public key, or allowed signers")
    head = _command(acts, "head", "print where the audit stands, to be kept elsewhere")
    head.add_argument("--sign", type=Path, metavar="KEYFILE", help="sign it with this SSH key (or the agent's, by its public half)")
    listed = _command(acts, "list", "print rows of the audit, the newest first; that is audited too")
    asked = {
        "from": "since this local time", "to": "before this local time", "user": "of this user", "kind": "of this kind",
        "case": "for this case", "subject": "about this officer, unit or incident",
    }  # fmt: skip
    for name, words in asked.items():
        listed.add_argument(f"--{name}", dest=f"{name}_", metavar=name.upper(), help=words)
    listed.add_argument("--limit", type=int, default=100, metavar="N", help="at most N (else 100)")
    listed.add_argument("--json", action="store_true", help="a JSON object a row")

    commands.add_parser("keys", help="print the table of keys as a file to start from", description="Prints what --keys takes.")
    return top


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.add_argument("--data", type=Path, metavar="FILE", default=argparse.SUPPRESS)
    return made


def _hub(made: argparse.ArgumentParser, default: object = None) -> None:
    words = "be a terminal of the hub that serves this socket (else CONSOLE_HUB)"
    made.add_argument("--hub", type=Path, metavar="PATH", default=default, help=words)


def _viewing(made: argparse.ArgumentParser) -> None:
    made.add_argument("--select", action="append", default=[], metavar="FIELD=VALUE", help="select (repeat for more)")
    made.add_argument("--lock", action="append", default=[], metavar="FIELD", help="lock a selected field")
    made.add_argument("--at", metavar="TIME", help="show the force as at this local time, from which it can be played on")
    made.add_argument("--reason", metavar="WORDS", help="why personal data is looked at: a listed reason, then words of your own")
    made.add_argument("--case", default="", metavar="REF", help="with --reason: the case's or incident's reference")
