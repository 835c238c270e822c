"""What the measuring scripts share: the systems as processes, and tables of figures."""
import os, re, signal, socket, subprocess, time, urllib.request

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A server with the endpoints of Prometheus, up when the constructor returns."""

    def __init__(self, name, command, work, env=None):
        self.name, self.port = name, free_port()
        self.log = f"{work}/{name}.log"
        self.process = subprocess.Popen(
            [part.format(port=self.port, data=f"{work}/{name}-data") for part in command], env=env, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT)
        until = time.monotonic() + 60
        while self.get("/-/ready") is None:
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} ended or hung: see {self.log}")
            time.sleep(0.05)

    def get(self, path):
        """The body, or None if there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return answer.read()
        except OSError:
            return None

    def cpu(self):
        """Seconds of a core that it has used."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, what="VmRSS"):
        """In MB."""
        return next(int(line.split()[1]) / 1024 for line in open(f"/proc/{self.process.pid}/status") if line.startswith(what + ":"))

    def metric(self, name):
        """The sum over all its series."""
        page = self.get("/metrics").decode()
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", page, re.M))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def prometheus(config, work):
    return Process("prometheus", ["prometheus", "--config.file=" + config, "--storage.tsdb.path={data}", "--web.listen-address=127.0.0.1:{port}"], work)


def narthex(home, java_home, config, work, *flags):
    command = [os.path.abspath(home) + "/bin/narthex", "--config.file=" + config, "--storage.tsdb.path={data}", "--web.listen-address=127.0.0.1:{port}"]
    env = dict(os.environ, **({"JAVA_HOME": java_home} if java_home else {}))
    return Process("narthex", command + list(flags), work, env)


def write(path, text):
    with open(path, "w") as f:
        f.write(text)
    return path


def show(part, figures):
    """Prints a table with a column for each system."""
    print(f"\n{part}")
    names = list(figures)
    width = max(len(key) for each in figures.values() for key in each)
    print(f"  {'':{width}} " + " ".join(f"{name:>12}" for name in names))
    for key in figures[names[0]]:
        print(f"  {key:{width}} " + " ".join(f"{figures[name][key]:12.3f}" for name in names), flush=True)
