"""Opens the staff area of a portal that a drill has started, up to what its circuit draws first. With the link of the first
administrator the account is set up before, by password and app; without one, the sign-in that an earlier call left in COOKIES has to
hold.
   staff-area.py PORT COOKIES [LINK]
"""
import base64
import hmac
import html
import html.parser
import http.client
import json
import os
import pathlib
import re
import socket
import struct
import sys
import time
import urllib.parse

HOST = "licenses.example.org"
ORIGIN = "https://" + HOST
PASSWORD = "ein langes Kennwort fuer die Kasse"
# As a reverse proxy with TLS asks.
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Accept-Language": "en"}

port, kept = int(sys.argv[1]), pathlib.Path(sys.argv[2])
cookies = json.loads(kept.read_text()) if kept.exists() else {}


class Form(html.parser.HTMLParser):
    """The form of a page that has the wanted field, with its fields as a browser sends them."""

    def __init__(self, page, field):
        super().__init__()
        self.forms = []
        self.feed(page)
        self.fields = next((form for form in self.forms if field in form), None)
        if self.fields is None:
            raise SystemExit(f"There is no form with {field}: {' '.join(re.sub('<[^>]*>', ' ', page).split())[:300]}")

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and self.forms and given.get("name"):
            self.forms[-1][given["name"]] = given.get("value") or ""


def cookie_header():
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def ask(method, path, fields=None):
    """The page behind PATH and, as after a form, behind where the answer leads to."""
    headers = {**HEADERS, "Cookie": cookie_header(), "Origin": ORIGIN}
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, None if fields is None else urllib.parse.urlencode(fields), headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    for cookie in answer.msg.get_all("Set-Cookie") or []:
        cookies.update([cookie.split(";")[0].split("=", 1)])
    connection.close()
    if answer.status in (302, 303):
        return ask("GET", urllib.parse.urljoin(path, answer.getheader("Location")).removeprefix(ORIGIN))
    if answer.status != 200:
        raise SystemExit(f"{method} {path.split('?')[0]} answered {answer.status}.")
    return path, page


def code(seed):
    """What an app shows now for a seed in base 32 (RFC 6238)."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8), casefold=True)
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    return f"{(int.from_bytes(mac[mac[-1] & 15:][:4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def set_up(link):
    path, page = ask("GET", link)
    path, page = ask("POST", path, {**Form(page, "Repeat").fields, "Password": PASSWORD, "Repeat": PASSWORD})
    seed = re.search(r'id="manual-key">([^<]*)<', page)
    if seed is None:
        raise SystemExit("No app was offered after the password.")
    ask("POST", path, {**Form(page, "Code").fields, "Code": code(seed[1].replace(" ", ""))})


class Hub:
    """A browser's half of a circuit: a WebSocket, and of its messages what starts one."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        headers = {**HEADERS, "Cookie": cookie_header(), "Origin": ORIGIN, "Upgrade": "websocket", "Connection": "Upgrade",
                   "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}
        lines = ["GET /_blazor HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline().decode()
        if " 101 " not in status:
            raise SystemExit(f"The WebSocket was refused: {status}")
        while self.stream.readline().strip():
            pass
        self.send(b'{"protocol":"blazorpack","version":1}\x1e')

    def send(self, message):
        length, mask = len(message), os.urandom(4)
        head = struct.pack(">BB", 0x82, 0x80 | length) if length < 126 else struct.pack(">BBH", 0x82, 0x80 | 126, length) \
            if length < 1 << 16 else struct.pack(">BBQ", 0x82, 0x80 | 127, length)
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(message)))

    def call(self, name, *arguments, number=None):
        body = packed([1, {}, number, name, list(arguments), []])
        size, length = b"", len(body)
        while length >= 0x80:
            size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
        self.send(size + bytes([length]) + body)

    def wait_for(self, wanted):
        """Reads until the server has called WANTED."""
        heard = b""
        while wanted not in heard:
            kind, length = self.stream.read(2) or b"\x88\x00"
            if length >= 126:
                length = int.from_bytes(self.stream.read(2 if length == 126 else 8), "big")
            heard += self.stream.read(length)
            if kind & 0x0F == 8 or b"JS.Error" in heard:
                raise SystemExit(f"The circuit ended before {wanted.decode()}: {heard[-300:]}")


def packed(value):
    """MessagePack, of what the calls have."""
    if value is None:
        return b"\xc0"
    if isinstance(value, dict):
        return b"\x80"
    if isinstance(value, int):
        return struct.pack(">Bq", 0xD3, value)
    if isinstance(value, str):
        return struct.pack(">BI", 0xDB, len(value.encode())) + value.encode()
    return struct.pack(">BI", 0xDD, len(value)) + b"".join(map(packed, value))


if len(sys.argv) > 3:
    set_up(sys.argv[3].removeprefix(ORIGIN))
where, desk = ask("GET", "/staff/licenses")
markers = [marker for marker in re.findall(r"<!--Blazor:(\{.*?\})-->", desk) if '"descriptor"' in marker]
if where != "/staff/licenses" or not markers:
    raise SystemExit(f"/staff/licenses led to {where} with {len(markers)} interactive parts.")
for script in {"/_framework/blazor.web.js", *re.findall(r'<script[^>]* src="([^"]*)"', desk)}:
    ask("GET", urllib.parse.urljoin("/staff/licenses", html.unescape(script)))
hub = Hub()
hub.call("StartCircuit", ORIGIN + "/", ORIGIN + where, "[]", "", number="1")
state = re.search(r"<!--Blazor-Server-Component-State:([^>]*?)-->", desk)
operations = [{"type": "add", "ssrComponentId": place, "marker": json.loads(marker)} for place, marker in enumerate(markers, 1)]
hub.call("UpdateRootComponents", json.dumps({"batchId": 1, "operations": operations}), state[1] if state else "")
hub.wait_for(b"JS.RenderBatch")
kept.write_text(json.dumps(cookies))
print("The staff area is open: its circuit has drawn the licenses.")
