"""kill -9 at any moment."""
import hashlib, os, random, time

from lab import EA, OURS, Failed, check, wait
from tree import tree


def case_kill_nine(lab):
    """kill -9 at any moment: what is stored and announced is whole and right"""
    rounds = int(os.environ.get("FLUX_LAB_KILLS", "20"))
    c = lab.controller("kill").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    last = lab.announced("app-development")
    rng = random.Random(7)
    for i in range(rounds):
        lab.commit(tree(ns=lab.ns, text=f"text {i}"))
        time.sleep(rng.random() * 0.4)
        c.kill()
        for root, _, files in os.walk(c.storage):
            for f in files:
                if f.endswith(".tar.gz"):
                    data = open(os.path.join(root, f), "rb").read()
                    check(hashlib.sha256(data).hexdigest() == f[:-7], f"{f} holds other bytes")
        check(lab.artifact("app-development"), "status.artifact is lost")
        c.start()
        last = lab.artifact("app-development")
        wait("the announced file", lambda: c.http("/" + lab.artifact("app-development")["path"])[0] == 200, 20)
        lab.download(lab.artifact("app-development"))
    lab.settled()
    wait("the storage to be bounded", lambda: sum(len(f) for _, _, f in os.walk(c.storage)) <= 6, 20)
    check(not [f for _, _, fs in os.walk(c.storage) for f in fs if not f.endswith(".tar.gz")], "half-written files are left")
    c.stop()


case_kill_nine.own_controllers = True


def case_kill_nine_while_deleting(lab):
    """kill -9 while objects go: in the end they are gone, with their ExternalArtifacts and files"""
    rounds = int(os.environ.get("FLUX_LAB_KILLS", "20")) // 4
    c = lab.controller("deleting").start()
    lab.commit(tree(ns=lab.ns))
    rng = random.Random(11)
    for i in range(rounds):
        names = [f"app{i}-{k}" for k in range(4)]
        for name in names:
            lab.declare(name)
        for name in names:
            lab.announced(f"{name}-development")
        for name in names:
            lab.api.delete(OURS, lab.ns, name)
        time.sleep(rng.random() * 0.1)
        c.kill()
        c.start()
        for name in names:
            wait(f"{name} to go", lambda: lab.ours(name) is None, 30)
            check(lab.api.get(EA, lab.ns, f"{name}-development") is None, "an ExternalArtifact is left")
        check(not [f for _, _, fs in os.walk(c.storage) for f in fs], "files are left")
    c.stop()


case_kill_nine_while_deleting.own_controllers = True
