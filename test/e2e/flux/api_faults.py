"""An API server that goes away, or fails now and then."""
import json, os, subprocess, time

from api_proxy import Proxy
from lab import EA, OURS, check, condition, wait
from tree import tree


def case_api_server_goes_away(lab):
    """While the API server is gone artifacts stay served and the process lives; afterwards it catches up"""
    c = lab.controller("gone").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    lab.settled()
    home, env = os.environ.get("PEER_SCRIPTS"), dict(os.environ)
    if not home:
        return
    subprocess.run([home + "/kube.sh", "stop"], env=env, check=True, stdout=subprocess.DEVNULL)
    time.sleep(4)
    check(c.alive() and c.http("/" + one["path"])[0] == 200, "not served without the API server")
    check(c.http("/healthz", c.health)[0] == 200, "healthz")
    subprocess.run([home + "/kube.sh", "start"], env=env, check=True, stdout=subprocess.DEVNULL)
    wait("the API server", lambda: lab.ours() is not None, 60)
    lab.commit(tree(ns=lab.ns, text="two"))
    lab.announced("app-development", one, seconds=60)
    c.stop()


case_api_server_goes_away.own_controllers = True


def case_api_server_fails_now_and_then(lab):
    """Calls are dropped, lost, delayed and refused, watches break in mid-event: all converges when it ends"""
    seconds, rate = float(os.environ.get("FLUX_LAB_FAULTS", "30")), float(os.environ.get("FLUX_LAB_FAULT_RATE", "0.05"))
    proxy = Proxy(lab.api)
    c = lab.controller("faulty", ["--kubeconfig=" + proxy.kubeconfig(os.path.join(lab.work, "faulty.kubeconfig"))]).start()
    names = [f"app{i}" for i in range(6)]
    lab.commit(tree(ns=lab.ns))
    for name in names:
        lab.declare(name)
    for name in names:
        lab.settled(name)
    proxy.rate, end, i = rate, time.monotonic() + seconds, 0
    while time.monotonic() < end:
        i += 1
        lab.commit(tree(ns=lab.ns, text=f"text {i}"))
        if i % 7 == 0:
            lab.api.delete(OURS, lab.ns, names[i % 6])
            wait("it to go", lambda: lab.ours(names[i % 6]) is None, 60)
            lab.declare(names[i % 6])
        if i % 5 == 0:
            lab.api.delete(EA, lab.ns, f"{names[i % 6]}-production")
        for name in names:
            a = lab.artifact(f"{name}-development")
            check(a is None or c.http("/" + a["path"])[0] in (200, 404), "the server is gone")
        time.sleep(0.5)
    proxy.rate = 0.0
    last, revisions = lab.commit(tree(ns=lab.ns, text="last")), set()
    for name in names:
        wait("the last commit to be observed", lambda: last in json.dumps(lab.ours(name).get("status", {}).get("observedSources")))
        lab.settled(name)
        for e in ("development", "production"):
            def there():
                a = lab.artifact(f"{name}-{e}")
                check(a and a["metadata"]["gitops.openchoreo.dev/revision.repo"] == last, "not of the last commit")
                return a
            a = wait(f"{name}-{e} to be of the last commit", there, 60)
            files = lab.download(a)[0]
            check(any(b"last" in data for data in files.values()), "other content")
            check(condition(lab.api.get(EA, lab.ns, f"{name}-{e}"))["status"] == "True", "it is held")
            revisions.add((e, a["revision"]))
    check(len(revisions) == 2, "objects of one source announce different revisions")
    check(proxy.failed, "nothing failed")
    c.stop()


case_api_server_fails_now_and_then.own_controllers = True
