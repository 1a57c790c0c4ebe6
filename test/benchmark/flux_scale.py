#!/usr/bin/env python3
"""flux_scale.py CONTROLLER [OBJECTS [SOURCES [FLAGS OF THE CONTROLLER...]]]

Many objects on the API server of KUBECONFIG (test/e2e/peers/kube.sh and flux.sh start one): OBJECTS (1,000) of ten bindings each over
SOURCES (50), of which one has a tenth of them. Prints how long it takes from the start of the controller until all are announced,
requests and memory; after one commit to the source of many: downloads and time until all of its objects are announced anew; then,
for a minute without news, requests per second and CPU."""
import os, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e", "flux"))
import lab as lab_module  # noqa: E402
from tree import tree  # noqa: E402

ENVIRONMENT = "development"


def status(pid, field):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(field):
            return int(line.split()[1])
    return 0


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    controller, numbers, flags = sys.argv[1], [int(a) for a in sys.argv[2:4]], sys.argv[4:]
    objects, sources = (numbers + [1_000, 50][len(numbers):])
    lab = lab_module.Lab(controller, os.environ["KUBECONFIG"], tempfile.mkdtemp(prefix="flux-scale-"))
    lab.api.apply_yaml(subprocess.run([controller, "crd"], check=True, capture_output=True, text=True).stdout)
    lab_module.wait("the CRD", lambda: lab.api.list(lab_module.OURS) is not None, 30)
    lab.fresh_namespace("scale")

    def files(source, text="one"):
        return tree(environments=(ENVIRONMENT,), components=[f"c{i}" for i in range(10)], text=text, ns=f"{lab.ns}-{source}")
    for s in range(sources):
        lab.commit(files(s), name=f"repo{s}")
    many = objects // 10
    for i in range(objects):
        source = 0 if i < many else 1 + i % (sources - 1)
        lab.declare(f"app{i}", sources=[{"alias": "repo", "kind": "GitRepository", "name": f"repo{source}"}])

    def announced():
        return {o["metadata"]["name"]: o["status"]["artifact"]["revision"] for o in lab.api.list(lab_module.EA, lab.ns)
                if o.get("status", {}).get("artifact")}

    def requests():
        return c.metric("rest_client_requests_total") or 0
    begin = time.monotonic()
    c = lab.controller("scale", flags).start(ready=False)
    pid = c.process.pid
    while len(now := announced()) < objects:
        lab_module.check(time.monotonic() < begin + 1800, f"{len(now)} of {objects} are announced")
        time.sleep(0.5)
    print(f"cold start of {objects} objects over {sources} sources: {time.monotonic() - begin:.1f} s, {cpu(pid):.1f} s of CPU, "
          f"{requests() / objects:.1f} requests each, {status(pid, 'VmHWM') >> 10} MiB at most", flush=True)
    lab_module.wait("it to come to rest", lambda: c.metric("workqueue_depth") == 0 and c.metric("controller_runtime_active_workers") == 0, 300)
    fetched = c.metric("openchoreo_flux_source_fetch_seconds_count")
    before, begun = announced(), requests()
    lab.commit(files(0, "two"), name="repo0")
    begin = time.monotonic()
    shared = [f"app{i}-{ENVIRONMENT}" for i in range(many)]
    while (now := announced()) and any(now[name] == before[name] for name in shared):
        time.sleep(0.2)
    print(f"one commit for {many} objects: {time.monotonic() - begin:.1f} s, "
          f"{c.metric('openchoreo_flux_source_fetch_seconds_count') - fetched:.0f} downloads, {(requests() - begun) / many:.1f} requests each")
    lab_module.wait("it to come to rest", lambda: c.metric("workqueue_depth") == 0 and c.metric("controller_runtime_active_workers") == 0, 300)
    time.sleep(15)  # events
    begin, begun, used = time.monotonic(), requests(), cpu(pid)
    time.sleep(60)
    seconds = time.monotonic() - begin
    print(f"idle: {(requests() - begun) / seconds:.2f} requests a second, {(cpu(pid) - used) / seconds * 100:.2f} % of a core, "
          f"{status(pid, 'VmRSS') >> 10} MiB")
    c.kill()


main()
