#!/usr/bin/env python3
"""flux_benchmark.py CONTROLLER RENDER [BINDINGS...]

Source announced -> ExternalArtifact announced, on the API server of KUBECONFIG (test/e2e/peers/kube.sh and flux.sh start one),
for objects of 100, 1,000 and 10,000 bindings: from a cold start, a commit without effect, one changed file. Beside it, in the same
run: the floor (fetching, inflating and hashing the archive) and `render` of the same tree with the same number of threads.
The smallest of five counts, of the cold start that of two."""
import hashlib, http.client, json, os, re, shutil, subprocess, sys, tempfile, time, urllib.request, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e", "flux"))
import lab as lab_module  # noqa: E402


def read(folder):
    files = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            files[os.path.relpath(path, folder)] = open(path, "rb").read()
    return files


class Timed:
    """The lab's API client, which notes when a source was last announced, and waits by watching: a client that keeps asking
    takes the processors from whom it measures."""

    def __init__(self, api):
        self.api, self.announced = api, 0.0
        merge = api.merge

        def timed(*args, **kw):
            self.announced = time.monotonic()
            return merge(*args, **kw)
        api.merge = timed

    def seconds(self, act, resource, ns, name, until):
        """From the announcement that `act` ends with until `until` holds of that object."""
        path = "/" + self.api.path(resource, ns)
        version = self.api.call("GET", self.api.path(resource, ns))["metadata"]["resourceVersion"]
        connection = http.client.HTTPSConnection(self.api.url.hostname, self.api.url.port, context=self.api.context, timeout=600)
        connection.request("GET", f"{path}?watch=true&resourceVersion={version}")
        events = connection.getresponse()
        act()
        for line in events:
            changed = json.loads(line)["object"]
            if changed["metadata"]["name"] == name and until(changed.get("status", {})):
                connection.close()
                return time.monotonic() - self.announced
        raise lab_module.Failed("the watch ended")


def floor(url):
    t0 = time.monotonic()
    data = urllib.request.urlopen(url).read()
    hashlib.sha256(data).hexdigest()
    zlib.decompress(data, 31)
    return time.monotonic() - t0


def peak(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def measure(lab, timed, render, bindings):
    ours = "app-env-00"
    announced = lambda status: status.get("artifact", {}).get("revision")
    lab.fresh_namespace(f"bench-{bindings}")
    folder = os.path.join(lab.work, f"tree-{bindings}")
    subprocess.run([sys.executable, os.path.join(HERE, "gen_tree.py"), folder, "--projects", str(max(1, bindings // 100)),
                    "--components", "100"], check=True, stdout=subprocess.DEVNULL)
    files = read(folder)
    data = lab_module.pack(files)
    rendered = []
    for _ in range(3):
        t0 = time.monotonic()
        subprocess.run([render, "render", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rendered.append(time.monotonic() - t0)

    cold, c = [], None
    for i in range(2):
        if c:
            lab.api.delete(lab_module.OURS, lab.ns, "app")
            lab_module.wait("it to go", lambda: lab.ours() is None)
            c.kill()
        lab.api.delete(lab_module.GIT, lab.ns, "repo")  # else its artifact is rendered at once
        c = lab.controller(f"bench-{bindings}-{i}").start()
        lab.declare()
        lab_module.wait("it to fail", lambda: lab_module.condition(lab.ours()).get("reason") == "SourceFetchFailed")
        time.sleep(0.5)
        lab_module.check(not lab.artifact(ours), "something is announced before the source is")
        cold.append(timed.seconds(lambda: lab.commit(None, data=data), lab_module.EA, lab.ns, ours, announced))
    lab.settled()
    floors = [floor(lab.upstream.put("/floor.tar.gz", data)) for _ in range(5)]
    still, one = [], []
    path = sorted(p for p in files if p.endswith("/release.yaml"))[-1]
    for i in range(5):
        changed = lab_module.pack(dict(files, **{"README.md": f"{i}".encode()}))
        revision = [None]

        def announce(bytes_=changed):
            revision[0] = lab.commit(None, data=bytes_)
        still.append(timed.seconds(announce, lab_module.OURS, lab.ns, "app",
                                   lambda status: (status.get("observedSources") or [{}])[0].get("revision") == revision[0]))
        before = lab.artifact(ours)["revision"]
        files[path] = re.sub(rb"(image: \S+:)\S+", rb"\g<1>2.%d" % i, files[path])
        changed = lab_module.pack(files)
        one.append(timed.seconds(lambda: announce(changed), lab_module.EA, lab.ns, ours, lambda status: announced(status) != before))
    print(f"| {bindings:,} | {len(data) / 2**20:.1f} MiB | {min(floors) * 1000:.0f} ms | {min(rendered) * 1000:.0f} ms | "
          f"{min(cold) * 1000:.0f} ms ({min(cold) / min(rendered):.2f} x render) | {min(still) * 1000:.0f} ms "
          f"({min(still) / min(floors):.1f} x floor) | {min(one) * 1000:.0f} ms ({min(one) / min(floors):.1f} x floor) | "
          f"{peak(c.process.pid):.0f} MiB |", flush=True)
    lab.api.delete(lab_module.OURS, lab.ns, "app")
    lab_module.wait("it to go", lambda: lab.ours() is None)
    c.kill()


def main():
    controller, render, *counts = sys.argv[1:]
    work = tempfile.mkdtemp(prefix="flux-bench-")
    lab = lab_module.Lab(controller, os.environ["KUBECONFIG"], work, render)
    lab.api.apply_yaml(subprocess.run([controller, "crd"], check=True, capture_output=True, text=True).stdout)
    lab_module.wait("the CRD", lambda: lab.api.list(lab_module.OURS) is not None, 30)
    timed = Timed(lab.api)
    print("| bindings | archive | floor | `render` | cold | commit without effect | one file | peak |\n|---|---|---|---|---|---|---|---|")
    for count in counts or (100, 1_000, 10_000):
        measure(lab, timed, render, int(count))
    shutil.rmtree(work, ignore_errors=True)


main()
