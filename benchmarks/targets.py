#!/usr/bin/env python3
"""Measures whether many targets are scraped on time, by the packed distribution and Debian's prometheus, one after the other.

  benchmarks/targets.py [--targets 10000] [--series 100] [--interval 15] [--systems prometheus,narthex] [--warm-up SECONDS] [--measure SECONDS]
                        [--home distribution/target/narthex] [--java-home DIR]

The targets, found by file_sd, keep account of when they were scraped (Targets.java): what is late is counted there. Each system also tells how long its
scrapes took and how many were good.
"""
import argparse, json, os, shutil, subprocess, tempfile, time, urllib.parse, urllib.request

import systems
from systems import show, write

HERE = os.path.dirname(os.path.abspath(__file__))


def get(address):
    with urllib.request.urlopen("http://" + address, timeout=60) as answer:
        return json.loads(answer.read())


def value(system, query):
    """The only value of an instant query, or NaN."""
    result = json.loads(system.get("/api/v1/query?query=" + urllib.parse.quote(query)))["data"]["result"]
    return float(result[0]["value"][1]) if result else float("nan")


def measure(name, options, work):
    java = (options.java_home + "/bin/" if options.java_home else "") + "java"
    fleet = subprocess.Popen([java, "-Xmx512m", "-XX:+UseSerialGC", HERE + "/Targets.java", str(options.targets), str(options.series), str(1000 * options.interval)],
                             stdout=subprocess.PIPE, text=True)
    try:
        port = fleet.stdout.readline().strip()
        write(work + "/targets.json", json.dumps([{"targets": [f"127.1.{n // 250}.{n % 250 + 1}:{port}" for n in range(options.targets)]}]))
        config = write(work + "/config.yml", json.dumps({
            "global": {"scrape_interval": f"{options.interval}s"},
            "scrape_configs": [{"job_name": "many", "file_sd_configs": [{"files": [work + "/targets.json"]}]}]}))
        system = systems.prometheus(config, work) if name == "prometheus" else systems.narthex(options.home, options.java_home, config, work)
        try:
            time.sleep(options.warm_up)
            get(f"127.0.0.1:{port}/begin")
            cpu, began = system.cpu(), time.monotonic()
            time.sleep(options.measure)
            used, seconds = system.cpu() - cpu, time.monotonic() - began
            figures = get(f"127.0.0.1:{port}/report")
            figures["CPU, % of a core"] = 100 * used / seconds
            figures["CPU per sample, µs"] = 1e6 * used / (figures["scrapes"] * options.series)
            figures["resident memory, MB"] = system.memory()
            figures["most resident, MB"] = system.memory("VmHWM")
            figures["up"] = value(system, 'sum(up{job="many"})')
            figures["samples in head, fewest of a target"] = value(system, f'min(count_over_time(up{{job="many"}}[{int(options.measure)}s]))')
            figures["scrape, median, ms"] = 1000 * value(system, 'quantile(0.5, scrape_duration_seconds{job="many"})')
            figures["scrape, longest, ms"] = 1000 * value(system, 'max(scrape_duration_seconds{job="many"})')
            return figures
        finally:
            system.stop()
    finally:
        fleet.kill()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--targets", type=int, default=10_000)
    options.add_argument("--series", type=int, default=100)
    options.add_argument("--interval", type=int, default=15)
    options.add_argument("--systems", default="prometheus,narthex")
    options.add_argument("--warm-up", type=float, default=60)
    options.add_argument("--measure", type=float, default=60)
    options.add_argument("--home", default="distribution/target/narthex")
    options.add_argument("--java-home")
    options = options.parse_args()
    work = tempfile.mkdtemp(prefix="narthex-targets-")
    show(f"{options.targets} targets, {options.series} series each, every {options.interval} s",
         {name: measure(name, options, work) for name in options.systems.split(",")})
    shutil.rmtree(work)


main()
