"""What a journey needs around the window: a data folder, files to drop, a real S3 server, the console beside it."""

import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

from browser import Window, free_port

ACCESS_KEY, SECRET_KEY, BUCKET = "GANTRYTESTKEY", "gantry/test+secret", "field-data"
ARTEFACTS = Path(__file__).resolve().parent.parent / "artefacts" / "desktop"


def png(width, height, shade):
    """A whole picture of one colour."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([shade, 90, 120]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Scene:
    """Everything of one journey, gone when it ends."""

    def __init__(self, programs, name):
        self.programs, self.name = Path(programs), name
        self.folder = Path(tempfile.mkdtemp(prefix=f"gantry-{name}-"))
        self.home = self.folder / "data"
        self.servers, self.objects = [], self.folder / "objects" / BUCKET

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.kill()
            server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def window(self, *paths):
        return Window(self.programs / "gantry", *paths, home=self.home, failure=ARTEFACTS / f"failed-{self.name}.png")

    def console(self, *words, said="", check=True):
        """Runs gantryctl on the same data folder; `said` goes to its standard input."""
        environment = {**os.environ, "GANTRY_HOME": str(self.home)}
        run = subprocess.run(
            [str(self.programs / "gantryctl"), *map(str, words)], input=said, text=True, capture_output=True, timeout=120, env=environment
        )
        if check and run.returncode != 0:
            raise AssertionError(f"gantryctl {words[0]} gave {run.returncode}:\n{run.stdout}\n{run.stderr}")
        return run.stdout

    def photos(self, count=24):
        """A folder with spaces and names of many scripts, its files by their path below it."""
        top = self.folder / "Quay 7 – fotos für 日本"
        names = ["straße 1.png", "ñandú & co.png", "日本 写真.png", "100 % + #1.png", "Ωmega/ä ö ü.png", "deep/er/est/x.png"]
        files = {name: png(40 + 2 * n, 30, 40 * n % 255) for n, name in enumerate(names)}
        files |= {f"row {n:03}.png": png(64, 48, n % 255) for n in range(count - len(names))}
        for name, content in files.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(content)
        return top, files

    def large(self, megabytes):
        """A folder with one file that takes a while."""
        top = self.folder / "long tape"
        top.mkdir()
        block = os.urandom(1 << 20)
        with open(top / "tape.bin", "wb") as tape:
            for n in range(megabytes):
                tape.write(struct.pack(">I", n) + block[4:])
        return top

    def s3(self):
        """A server that checks signatures and checksums, with one bucket."""
        self.objects.mkdir(parents=True)
        port = free_port()
        words = ["--host", "127.0.0.1", "--port", str(port), "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]
        log = open(self.folder / "s3.log", "wb")
        server = subprocess.Popen(["s3s-fs", *words, str(self.objects.parent)], stdout=log, stderr=log)
        self.servers.append(server)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                return f"http://127.0.0.1:{port}"
            except OSError:
                time.sleep(0.05)
        raise AssertionError("s3s-fs does not listen")

    def platform(self, kind):
        """A stand-in of a platform with its example datasets, and a connection to it; gives where its state is told."""
        program = [str(self.programs / "gantry-fake"), kind, "--seed-example"]
        fake = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        self.servers.append(fake)
        said = dict(line.split(maxsplit=1) for line in (fake.stdout.readline() for _ in range(4)))
        words = ["connections", "add", kind, "--name", kind, "--set", f"api_url={said['url'].strip()}", "--secret", "api_key"]
        self.console(*words, said=said["key"])
        return said["look"].split()[1]

    def connect_in_console(self, name, endpoint):
        fields = {"bucket": BUCKET, "region": "us-east-1", "endpoint": endpoint, "addressing": "path", "access_key_id": ACCESS_KEY}
        settings = [word for field, value in fields.items() for word in ("--set", f"{field}={value}")]
        words = ["connections", "add", "s3", "--name", name, *settings, "--secret", "secret_access_key"]
        self.console(*words, said=SECRET_KEY + "\n")

    def receipts(self):
        """All receipts on disk, oldest first."""
        found = sorted(self.home.glob("receipts/*/receipt.json"), key=lambda path: path.stat().st_mtime)
        return [json.loads(path.read_text()) for path in found]

    def secret_on_disk(self, secret=SECRET_KEY):
        """Files of the data folder that hold the secret in the clear."""
        return [str(path) for path in self.home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
