"""The clients of deploy/drills/rolling-restart.sh. They ask until REQUESTS were made and the file OVER exists, and judge every answer.

   HANDLE=… GENERATION=… HARDWARE=… SECRET=… KEY=… rolling-restart.py PORT REQUESTS OVER
"""
import base64
import collections
import hashlib
import hmac
import html.parser
import http.client
import json
import os
import pathlib
import secrets
import ssl
import sys
import threading
import time
import urllib.parse

HOST = "licenses.example.org"
CLIENTS = 8
PAUSE = 0.05
# With every so-many-th request a client opens another connection, as one that comes for the first time does.
FRESH = 7

port, wanted, over = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
handle, generation, hardware, key = (os.environ[name] for name in ("HANDLE", "GENERATION", "HARDWARE", "KEY"))
secret = bytes.fromhex(os.environ["SECRET"])
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


class Wrong(Exception):
    """An answer that is not the right one."""


class KeyForm(html.parser.HTMLParser):
    """The form of a page that asks for an activation key, with its fields as a browser sends them."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)
        try:
            self.action, self.fields = next(form for form in self.forms if "ActivationKey" in form[1])
        except StopIteration:
            raise Wrong("GET /release: no form") from None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append((given.get("action"), {}))
        elif tag == "input" and self.forms and given.get("name"):
            self.forms[-1][1][given["name"]] = given.get("value") or ""


class Client(threading.Thread):
    def __init__(self, number):
        super().__init__(daemon=True)
        # nginx's ip_hash looks at the first three parts.
        self.source = (f"127.{number + 1}.0.1", 0)
        self.connection, self.cookies, self.asked, self.again, self.slowest = None, {}, 0, 0, 0.0
        self.done, self.failures = collections.Counter(), []

    def run(self):
        acts = [self.home, self.check_in, self.blocklist, self.release_page, self.check_in]
        while not (over.exists() and total() >= wanted):
            acts[0]()
            acts.append(acts.pop(0))

    def ask(self, name, status, right, method, path, body=None, content_type=None):
        """The text of the right answer, or None when it failed, which is noted."""
        if self.asked % FRESH == 0:
            self.close()
        headers = {"Host": HOST, "Accept-Language": "en"}
        if content_type:
            headers["Content-Type"] = content_type
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{cookie}={value}" for cookie, value in self.cookies.items())
        self.asked += 1
        begun = time.monotonic()
        try:
            answer = self.send(method, path, body, headers)
            text = answer.read().decode()
            text = answer.getheader("Location") or text
            for cookie in answer.msg.get_all("Set-Cookie") or []:
                self.cookies.update([cookie.split(";")[0].split("=", 1)])
            if answer.status != status or not right(text):
                raise Wrong(f"{answer.status} {' '.join(text.split())[:80]}")
            self.done[name] += 1
            return text
        except (Wrong, OSError, http.client.HTTPException) as failure:
            self.failures.append(f"{name}: {type(failure).__name__} {failure}")
            if not isinstance(failure, Wrong):
                self.close()
            return None
        finally:
            self.slowest = max(self.slowest, time.monotonic() - begun)
            time.sleep(PAUSE)

    def send(self, method, path, body, headers):
        """As every browser does: a kept connection that was closed before a byte of the answer came says nothing of the request."""
        kept = self.connection is not None
        if not kept:
            self.connection = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=60, context=context, source_address=self.source)
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (ssl.SSLError, ConnectionError):
            if not kept:
                raise
            self.close()
            self.again += 1
            return self.send(method, path, body, headers)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def home(self):
        self.ask("GET /", 200, lambda text: "/release" in text, "GET", "/")

    def blocklist(self):
        self.ask("GET /api/v1/blocklist", 200, lambda text: text.count(".") == 2, "GET", "/api/v1/blocklist")

    def check_in(self):
        nonce, now = secrets.token_hex(12), int(time.time())
        proof = hmac.new(secret, f"lshp/check/v1|{handle}|{generation}|{nonce}|{now}".encode(), hashlib.sha256).hexdigest()
        body = {"generation": int(generation), "hardwareCode": hardware, "nonce": nonce, "ts": now, "mac": proof}

        def is_for_the_question(text):
            claims = json.loads(text)["answer"].split(".")[1]
            said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
            return (said["nonce"], said["act"], said["code"]) == (nonce, handle, "VALID")

        self.ask("POST check", 200, is_for_the_question, "POST", f"/api/v1/activations/{handle}/check", json.dumps(body),
                 "application/json")

    def release_page(self):
        page = self.ask("GET /release", 200, lambda text: "ActivationKey" in text, "GET", "/release")
        if page:
            form = KeyForm(page)
            self.ask("POST /release", 303, lambda text: "/release/" in text, "POST", form.action or "/release",
                     urllib.parse.urlencode({**form.fields, "ActivationKey": key}), "application/x-www-form-urlencoded")


def total():
    return sum(client.asked for client in clients)


clients = [Client(number) for number in range(CLIENTS)]
for client in clients:
    client.start()
for client in clients:
    client.join()
failures = [failure for client in clients for failure in client.failures]
done = sum((client.done for client in clients), collections.Counter())
for name in sorted(done):
    print(f"{name}: {done[name]} answered rightly")
for failure, times in collections.Counter(failures).most_common(10):
    print(f"failed {times} times: {failure}")
print(f"Asked again after nginx had closed the kept connection: {sum(client.again for client in clients)}")
print(f"{total()} requests, {len(failures)} failed; the slowest took {max(client.slowest for client in clients):.1f} s")
sys.exit(1 if failures else 0)
