#!/usr/bin/env python3
"""Measures start-up and idle memory of the packed distribution beside Debian's prometheus, in interleaved rounds on one machine.

  benchmarks/startup.py [--rounds N] [--idle SECONDS] [--home distribution/target/narthex] [--java-home DIR ...]

One start per system goes before and is left out: in its time Narthex makes the class archive that all later starts use; it is printed as
round 0. Per round and system: seconds from exec to the first request that a target on
loopback sees (scrape_interval 100ms), to /-/ready answering 200, and to the first answered query; resident memory after the idle
time; seconds from SIGTERM to the end. Prints the median and the range of each, and the size of the packed archive.
"""
import argparse, glob, http.server, json, os, shutil, signal, socket, statistics, subprocess, tempfile, threading, time, urllib.request


class Target(http.server.BaseHTTPRequestHandler):
    first = None

    def do_GET(self):
        if Target.first is None:
            Target.first = time.monotonic()
        body = b"bench_metric 1\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the server was stopped in the middle of a scrape

    def log_message(self, *args):
        pass


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(url, want):
    try:
        with urllib.request.urlopen(url, timeout=1) as r:
            return want in r.read()
    except Exception:
        return False


def rss_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024


def measure(command, config, data, env, idle):
    port = free_port()
    Target.first = None
    began = time.monotonic()
    process = subprocess.Popen(
        [c.format(config=config, data=data, port=port) for c in command], env=env,
        stdout=open(data + ".log", "ab"), stderr=subprocess.STDOUT)
    base, ready, answered = f"http://127.0.0.1:{port}", None, None
    while answered is None or Target.first is None:
        if process.poll() is not None or time.monotonic() - began > 60:
            raise SystemExit(f"{command[0]} ended or hung: see {data}.log")
        if ready is None and answers(base + "/-/ready", b""):
            ready = time.monotonic() - began
        if ready is not None and answered is None and answers(base + "/api/v1/query?query=vector(1)", b"success"):
            answered = time.monotonic() - began
        time.sleep(0.02)  # seldom enough not to take the second core from what is measured
    time.sleep(idle)
    memory = rss_mb(process.pid)
    stopping = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    return {"first scrape, s": Target.first - began, "ready, s": ready, "query answered, s": answered,
            "idle RSS, MB": memory, "SIGTERM to end, s": time.monotonic() - stopping}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--idle", type=float, default=20)
    options.add_argument("--home", default="distribution/target/narthex")
    options.add_argument("--java-home", action="append", default=[])
    options = options.parse_args()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    work = tempfile.mkdtemp(prefix="narthex-startup-")
    config = work + "/prometheus.yml"
    with open(config, "w") as f:
        f.write("global: {scrape_interval: 100ms, scrape_timeout: 100ms}\nscrape_configs:\n- job_name: bench\n"
                f"  static_configs: [{{targets: ['127.0.0.1:{server.server_port}']}}]\n")

    flags = ["--config.file={config}", "--storage.tsdb.path={data}", "--web.listen-address=127.0.0.1:{port}"]
    systems = {}
    if shutil.which("prometheus"):
        systems["prometheus"] = (["prometheus"] + flags, dict(os.environ))
    for java in options.java_home or [None]:
        env = dict(os.environ, **({"JAVA_HOME": java} if java else {}))
        name = "narthex" + (" " + os.path.basename(java.rstrip("/")) if java else "")
        systems[name] = ([os.path.abspath(options.home) + "/bin/narthex"] + flags, env)

    figures = {name: [] for name in systems}
    for round_number in range(options.rounds + 1):
        for name, (command, env) in systems.items():
            idle = options.idle if round_number > 0 else max(options.idle, 60)
            result = measure(command, config, f"{work}/{name.replace(' ', '-')}", env, idle)
            if round_number > 0:
                figures[name].append(result)
            print(json.dumps({"round": round_number, "system": name, **{k: round(v, 2) for k, v in result.items()}}), flush=True)
    for name, results in figures.items():
        print(f"\n{name}")
        for key in results[0]:
            values = [r[key] for r in results]
            print(f"  {key:22} {statistics.median(values):8.2f}   ({min(values):.2f} to {max(values):.2f})")
    for archive in glob.glob(os.path.abspath(options.home) + "/../narthex-*.tar.gz"):
        print(f"\n{os.path.basename(archive)}: {os.path.getsize(archive) / 1e6:.1f} MB")
    shutil.rmtree(work)


main()
