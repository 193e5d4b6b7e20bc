"""What bench/start.sh prints.   start.py ROUNDS PORTAL EMPTY PG_BIN PG_PORT [NAME=VALUE …]: variables for the portal alone"""
import http.client
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import time

rounds, portal, empty, pg_bin, pg_port = int(sys.argv[1]), *(pathlib.Path(text) for text in sys.argv[2:5]), sys.argv[5]
given = dict(text.split("=", 1) for text in sys.argv[6:])
HOST = "licenses.example.org"
IDLE = 60
REQUESTS = 100


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": HOST})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def start(program, environment):
    """The process, its port, and the seconds from exec to the first 200."""
    port = free_port()
    begun = time.monotonic()
    process = subprocess.Popen(
        [program, "--urls", f"http://127.0.0.1:{port}"], cwd=program.parent, env={**os.environ, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and time.monotonic() - begun < 120:
        try:
            if get(port, "/healthz/ready") == 200:
                return process, port, time.monotonic() - begun
        except OSError:
            pass
        time.sleep(0.005)
    process.kill()
    sys.exit(f"{program} was not ready.")


def end(process):
    process.send_signal(signal.SIGTERM)
    process.wait()


def megabytes(process):
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


def connections():
    return subprocess.run(
        [pg_bin / "psql", "-qAt", "-h", "127.0.0.1", "-p", pg_port, "-U", "overseer", "portal", "-c",
         "SELECT count(*) FROM pg_stat_activity WHERE usename = 'portal_app'"],
        check=True, capture_output=True, text=True).stdout.strip()


def line(cells):
    print(f"| {' | '.join(cells)} |", flush=True)


programs = {"portal": (portal / "SelfHelpPortal", given), "empty": (empty / "Empty", {})}
# The first start reads the files from the disk, which is not what is measured.
for program, environment in programs.values():
    end(start(program, environment)[0])
line(["round", "portal ms", "empty ms", "ratio", "load average"])
line(["---"] * 5)
took = {name: [] for name in programs}
for number in range(1, rounds + 1):
    for name in list(programs)[::1 if number % 2 else -1]:
        process, _, seconds = start(*programs[name])
        took[name].append(seconds)
        end(process)
    mine, ceiling = took["portal"][-1], took["empty"][-1]
    line([str(number), f"{mine * 1000:.0f}", f"{ceiling * 1000:.0f}", f"{mine / ceiling:.2f}", f"{os.getloadavg()[0]:.1f}"])
ratios = [mine / ceiling for mine, ceiling in zip(took["portal"], took["empty"])]
mine, ceiling = (statistics.median(took[name]) for name in programs)
print(f"ready: median {mine * 1000:.0f} ms ({min(took['portal']) * 1000:.0f}–{max(took['portal']) * 1000:.0f}), empty {ceiling * 1000:.0f} ms "
      f"({min(took['empty']) * 1000:.0f}–{max(took['empty']) * 1000:.0f}), ratio {statistics.median(ratios):.2f} "
      f"({min(ratios):.2f}–{max(ratios):.2f}); goal 1500 ms, 3")

process, port, _ = start(*programs["portal"])
time.sleep(IDLE)
print(f"idle for {IDLE} s: {megabytes(process):.0f} MB, {connections()} connections to the database; goal 200 MB, 4")
for number in range(REQUESTS):
    path = ("/", "/release", "/api/v1/blocklist", "/imprint")[number % 4]
    if get(port, path) != 200:
        sys.exit(f"{path} was not answered rightly.")
print(f"after {REQUESTS} requests: {megabytes(process):.0f} MB, {connections()} connections", flush=True)
time.sleep(IDLE)
print(f"{IDLE} s later: {megabytes(process):.0f} MB, {connections()} connections; load average {os.getloadavg()[0]:.1f}")
end(process)

files = sorted(((file.stat().st_size, file.relative_to(portal)) for file in portal.rglob("*") if file.is_file()), reverse=True)
print(f"published: {len(files)} files, {sum(size for size, _ in files) / 1e6:.1f} MB; the largest:")
for size, name in files[:10]:
    print(f"  {size / 1e6:5.1f} MB  {name}")
