#!/usr/bin/env python3
"""Measures rules and alerts of the packed distribution beside Debian's prometheus and prometheus-alertmanager, both at work at the same time.

  benchmarks/alerts.py [--parts rules,state,latency] [--warm-up SECONDS] [--measure SECONDS] [--home distribution/target/narthex] [--java-home DIR]

rules    200 groups of 10 alerting rules over 5 series each, every 15 s, all of them firing: CPU of each process, missed iterations.
state    100,000 active alerts in 5,000 groups, posted to the API: how long its answers take (the best and the median of 3, read to the end),
         resident memory after that.
latency  From the answer to the scrape that crosses the threshold until the webhook has it: 10 groups of one rule, 12 crossings, every interval 1 s.
"""
import argparse, http.client, http.server, json, shutil, statistics, tempfile, threading, time, urllib.parse, urllib.request

import systems
from systems import Process, show, write

GROUPS, RULES, SERIES = 200, 10, 5
ALERTS, ALERT_GROUPS, POSTED_AT_ONCE = 100_000, 5_000, 1_000
CROSSINGS, PHASES = 12, 10


class Server(http.server.ThreadingHTTPServer):
    """A page to scrape at /metrics; whatever is posted goes to `posted`, with the time of its arrival."""
    daemon_threads = True

    def __init__(self, page=lambda: "", posted=lambda path, body, at: None):
        self.page, self.posted = page, posted
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.address = f"127.0.0.1:{self.server_port}"

    def handle_error(self, *args):
        pass  # a client was stopped in the middle of a request


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(self.server.page(self.path).encode())

    def do_POST(self):
        at = time.monotonic()
        body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.chunks()
        self.answer(b"")
        self.server.posted(self.path, body, at)

    def chunks(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *args):
        pass


class Bench:
    def __init__(self, options):
        self.options, self.work = options, tempfile.mkdtemp(prefix="narthex-alerts-")

    def prometheus(self, config):
        return systems.prometheus(config, self.work)

    def narthex(self, config, *flags):
        return systems.narthex(self.options.home, self.options.java_home, config, self.work, *flags)

    def alertmanager(self, config):
        return Process("alertmanager", ["prometheus-alertmanager", "--config.file=" + config, "--storage.path={data}",
                                        "--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="], self.work)

    def rules(self):
        page = "".join(f'bench_load{{group="{g}",rule="{r}",instance="host-{s}:9100"}} {r + s + 1}\n'
                       for g in range(GROUPS) for r in range(RULES) for s in range(SERIES))
        target, sink = Server(lambda path: page), Server()
        groups = [{"name": f"group-{g}", "rules": [
            {"alert": f"Load{r}", "expr": f'bench_load{{group="{g}",rule="{r}"}} > 0', "for": "15s", "labels": {"severity": "page"},
             "annotations": {"summary": "{{ $labels.instance }} is at {{ $value }}", "description": f"Rule {r} of group {g}"}}
            for r in range(RULES)]} for g in range(GROUPS)]
        rules = write(self.work + "/rules.yml", json.dumps({"groups": groups}))
        config = write(self.work + "/rules-prometheus.yml", json.dumps({
            "global": {"scrape_interval": "15s", "evaluation_interval": "15s"}, "rule_files": [rules],
            "scrape_configs": [{"job_name": "bench", "static_configs": [{"targets": [target.address]}]}],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [sink.address]}]}]}}))
        systems = [self.prometheus(config), self.narthex(config)]
        time.sleep(self.options.warm_up)
        before = [(each.cpu(), each.metric("prometheus_rule_evaluations_total")) for each in systems]
        time.sleep(self.options.measure)
        figures = {}
        for each, (cpu, evaluations) in zip(systems, before):
            used = each.cpu() - cpu
            figures[each.name] = {
                "CPU, % of a core": 100 * used / self.options.measure,
                "CPU per rule evaluation, µs": 1e6 * used / (each.metric("prometheus_rule_evaluations_total") - evaluations),
                "firing": float(json.loads(each.get("/api/v1/query?query=count(ALERTS)"))["data"]["result"][0]["value"][1]),
                "missed iterations": each.metric("prometheus_rule_group_iterations_missed_total"),
                "failed evaluations": each.metric("prometheus_rule_evaluation_failures_total"),
                "alerts sent": each.metric("prometheus_notifications_sent_total"), "alerts dropped": each.metric("prometheus_notifications_dropped_total"),
                "resident memory, MB": each.memory()}
            each.stop()
        show("rules", figures)

    def state(self):
        sink = Server()
        config = write(self.work + "/alertmanager.yml", json.dumps({
            "route": {"receiver": "sink", "group_by": ["group"], "group_wait": "1s", "group_interval": "5m", "repeat_interval": "4h"},
            "receivers": [{"name": "sink", "webhook_configs": [{"url": f"http://{sink.address}/"}]}]}))
        empty = write(self.work + "/empty.yml", "{}")
        figures = {}
        systems = [self.alertmanager(config), self.narthex(empty, "--alertmanager.config.file=" + config)]
        for each in systems:
            began = time.monotonic()
            for first in range(0, ALERTS, POSTED_AT_ONCE):
                body = json.dumps([{
                    "labels": {"alertname": f"Load{n % 10}", "group": f"group-{n % ALERT_GROUPS}", "instance": f"host-{n}:9100", "job": "node", "severity": "page"},
                    "annotations": {"summary": f"host-{n}:9100 is at {n}", "description": "The load has been high for more than five minutes."},
                    "endsAt": "2099-01-01T00:00:00Z", "generatorURL": f"http://prometheus:9090/graph?g0.expr=load+%3E+{n}&g0.tab=1"}
                    for n in range(first, first + POSTED_AT_ONCE)]).encode()
                request = urllib.request.Request(f"http://127.0.0.1:{each.port}/api/v2/alerts", body, {"Content-Type": "application/json"})
                urllib.request.urlopen(request, timeout=120).read()
            figures[each.name] = {"posting, s": time.monotonic() - began}
        until = time.monotonic() + 120
        while time.monotonic() < until and any(each.metric("alertmanager_notifications_total") < ALERT_GROUPS for each in systems):
            time.sleep(1)
        for each in systems:
            figure = figures[each.name]
            figure["notifications"] = each.metric("alertmanager_notifications_total")
            figure["resident before the questions, MB"] = each.memory()
            matchers = [urllib.parse.quote('group="group-77"'), urllib.parse.quote('instance=~"host-7.*"')]
            for path in ["alerts", "alerts/groups", "alerts?filter=" + matchers[0], "alerts/groups?filter=" + matchers[0], "alerts?filter=" + matchers[1], "status", "silences"]:
                times = []
                for _ in range(3):
                    began = time.monotonic()
                    body = each.get("/api/v2/" + path)
                    times.append(time.monotonic() - began)
                size = len(body) / 1e6
                name = urllib.parse.unquote(path)
                figure[f"{name}, s (best)"], figure[f"{name}, s (median)"], figure[f"{name}, MB"] = min(times), statistics.median(times), size
            figure["resident after the questions, MB"], figure["most resident, MB"] = each.memory(), each.memory("VmHWM")
            print(json.dumps({each.name: figure}), flush=True)
        for each in systems:
            each.stop()
        show("state", figures)

    def latency(self):
        crossed, seen, number = {}, {}, [0]

        def page(path):
            # The page itself says who asks; each crossing is a new series, so that each is a group of its own.
            for n in range(1, number[0] + 1):
                crossed.setdefault((path[1:], n), time.monotonic())
            return "".join(f'bench_flip{{n="{n}"}} 1\n' for n in range(1, number[0] + 1))

        def posted(path, body, at):
            for alert in json.loads(body)["alerts"]:
                seen.setdefault((path[1:], int(alert["labels"]["n"]), alert["labels"]["alertname"]), at)

        server = Server(page, posted)
        rules = write(self.work + "/flips.yml", json.dumps({"groups": [
            {"name": f"phase-{p}", "interval": "1s", "rules": [{"alert": f"Flip{p}", "expr": "bench_flip > 0"}]} for p in range(PHASES)]}))

        def configs(name, alerting):
            alertmanager = write(f"{self.work}/{name}-alertmanager.yml", json.dumps({
                "route": {"receiver": "hook", "group_by": ["alertname", "n"], "group_wait": "0s", "group_interval": "1m", "repeat_interval": "4h"},
                "receivers": [{"name": "hook", "webhook_configs": [{"url": f"http://{server.address}/{name}"}]}]}))
            return alertmanager, lambda: write(f"{self.work}/{name}-prometheus.yml", json.dumps({
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}, "rule_files": [rules],
                "scrape_configs": [{"job_name": "bench", "metrics_path": "/" + name, "static_configs": [{"targets": [server.address]}]}], **alerting()}))

        am_config, theirs = configs("prometheus", lambda: {"alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager.port}"]}]}]}})
        alertmanager = self.alertmanager(am_config)
        own, ours = configs("narthex", dict)
        systems = [self.prometheus(theirs()), self.narthex(ours(), "--alertmanager.config.file=" + own)]
        time.sleep(10)
        for n in range(1, CROSSINGS + 1):
            number[0] = n
            time.sleep(2.3)
        time.sleep(2)
        figures = {}
        for each in systems:
            delays = [at - crossed[name, n] for (name, n, _), at in seen.items() if name == each.name]
            figures[each.name] = {"crossings told": len(delays), "median, s": statistics.median(delays), "longest, s": max(delays)}
            each.stop()
        alertmanager.stop()
        show("latency", figures)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--parts", default="rules,state,latency")
    options.add_argument("--warm-up", type=float, default=60)
    options.add_argument("--measure", type=float, default=60)
    options.add_argument("--home", default="distribution/target/narthex")
    options.add_argument("--java-home")
    bench = Bench(options.parse_args())
    for part in bench.options.parts.split(","):
        {"rules": bench.rules, "state": bench.state, "latency": bench.latency}[part]()
    shutil.rmtree(bench.work)


main()
