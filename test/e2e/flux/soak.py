"""A long day: fifty objects, a commit a second, restarts of everything. FLUX_LAB_SOAK says for how many seconds (1800)."""
import os, random, subprocess, time

from lab import EA, OURS, Failed, check, condition, wait
from replicas import LEASE, Service
from tree import tree

COUNT, SOURCES = 50, 5


def weight(c):
    """Memory in KiB, what of it the caches hold by their own count, threads, descriptors of a controller, and bytes and files
    of its storage."""
    status = dict(line.split(":", 1) for line in open(f"/proc/{c.process.pid}/status"))
    sizes = []
    for root, _, files in os.walk(c.storage):
        for f in files:
            try:
                sizes.append(os.path.getsize(os.path.join(root, f)))
            except FileNotFoundError:
                pass
    cached = (c.metric("openchoreo_flux_source_render_cache_bytes") or 0) / 1024
    return {"memory": int(status["VmRSS"].split()[0]), "cached": int(cached), "threads": int(status["Threads"]),
            "descriptors": len(os.listdir(f"/proc/{c.process.pid}/fd")), "files": len(sizes), "bytes": sum(sizes)}


def case_long_day(lab):
    """Memory, threads, descriptors and storage stay flat; what is announced can always be had; at the end all is right"""
    seconds = float(os.environ.get("FLUX_LAB_SOAK", "1800"))
    service, rng = Service(), random.Random(5)
    flags = LEASE + ["--artifact-retention-ttl=20s"]
    steady = lab.controller("steady", flags, advertise=service.address).start()
    other = lab.controller("other", flags, advertise=service.address).start()
    service.controllers = [steady, other]
    for s in range(SOURCES):
        lab.commit(tree(ns=lab.ns), name=f"repo{s}")
    names = [f"app{i}" for i in range(COUNT)]
    for i, name in enumerate(names):
        lab.declare(name, sources=[{"alias": "repo", "kind": "GitRepository", "name": f"repo{i % SOURCES}"}])
    for name in names:
        lab.settled(name)
    begun, commits, missed, heavy = time.monotonic(), 0, 0, []
    next_kill, next_api, next_look = begun + 20, begun + seconds / 3, begun
    peers = os.environ.get("PEER_SCRIPTS")
    while time.monotonic() < begun + seconds:
        t0 = time.monotonic()
        try:
            commits += 1
            lab.commit(tree(ns=lab.ns, text=f"text {commits}", broken_release="development" if commits % 13 == 0 else None),
                       name=f"repo{commits % SOURCES}")
            a = lab.artifact(f"{rng.choice(names)}-production")
            try:
                lab.download(a)
            except Failed:
                # A Service leaves out a pod that has just gone a moment later than this one.
                time.sleep(2)
                missed += 1
                lab.download(lab.artifact(f"{rng.choice(names)}-production"))
        except Failed as e:
            check("API server" in str(e), str(e))
        if t0 > next_kill:
            next_kill = t0 + 30
            service.controllers = [steady]
            other.kill() if rng.random() < 0.5 else other.stop()
            other.start(ready=False)
        elif other.alive() and service.controllers == [steady]:
            try:
                if other.ready():
                    service.controllers = [steady, other]
            except Failed:
                pass
        if t0 > next_api and peers:
            next_api = t0 + seconds / 3
            for action in ("stop", "start"):
                subprocess.run([peers + "/kube.sh", action], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if t0 > next_look:
            next_look = t0 + seconds / 60
            check(steady.alive(), f"it ended: {steady.tail()}")
            heavy.append(weight(steady))
            print(f"{t0 - begun:.0f} s: {heavy[-1]}", flush=True)
        time.sleep(max(0.0, 1 - (time.monotonic() - t0)))
    wait("the API server", lambda: lab.ours("app0"), 60)
    last = [lab.commit(tree(ns=lab.ns, text="last"), name=f"repo{s}") for s in range(SOURCES)]
    for i, name in enumerate(names):
        wait("the last commit", lambda: last[i % SOURCES] in str(lab.ours(name).get("status", {}).get("observedSources")), 120)
        lab.settled(name)
        for e in ("development", "production"):
            a = lab.artifact(f"{name}-{e}")
            check(any(b"last" in data for data in lab.download(a)[0].values()), "other content")
            check(condition(lab.api.get(EA, lab.ns, f"{name}-{e}"))["status"] == "True", "it is held")
    sixth = len(heavy) // 6
    early, late = heavy[sixth:2 * sixth], heavy[-sixth:]
    print(f"{commits} commits, {missed} downloads tried twice; early {early[-1]}, late {late[-1]}")
    for what, more in (("memory", 16 << 10), ("threads", 4), ("descriptors", 24), ("files", 2 * COUNT), ("bytes", 2 << 20)):
        before, after = max(w[what] for w in early), min(w[what] for w in late)
        check(after <= before * 1.2 + more, f"{what}: {before}, later {after}")
    for c in (steady, other):
        c.stop()


case_long_day.own_controllers = True
