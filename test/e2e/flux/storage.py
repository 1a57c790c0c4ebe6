"""A storage that is lost, full or changed by somebody."""
import os, shutil, subprocess

from basic import ENVS
from lab import EA, OURS, check, condition, hold, wait
from tree import tree


def case_lost_storage_is_made_anew(lab):
    """Without its files after a restart the same digests are served again, and nobody is woken"""
    c = lab.controller("lost").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    found = {e: lab.announced(f"app-{e}") for e in ENVS}
    lab.settled()
    check(c.stop() == 0, "exit status")
    shutil.rmtree(c.storage)
    before = {e: lab.api.get(EA, lab.ns, f"app-{e}") for e in ENVS}
    c.start()
    for e in ENVS:
        wait("the file", lambda: c.http("/" + found[e]["path"])[0] == 200, 20)
        lab.download(found[e])
        check(lab.api.get(EA, lab.ns, f"app-{e}") == before[e], "the ExternalArtifact was written")
    # A file that somebody changes is never served, and made anew.
    path = os.path.join(c.storage, found["development"]["path"])
    with open(path, "r+b") as f:
        f.write(b"xxxx")
    check(c.http("/" + found["development"]["path"])[0] == 404, "other bytes are served")
    lab.api.merge(OURS, lab.ns, "app", {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "now"}}})
    wait("it to be made anew", lambda: c.http("/" + found["development"]["path"])[0] == 200, 20)
    c.stop()


case_lost_storage_is_made_anew.own_controllers = True


def case_lost_files_are_made_anew_meanwhile(lab):
    """A file, or the whole folder, that goes while the controller runs is there again within seconds"""
    c = lab.controller("meanwhile").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    found = {e: lab.announced(f"app-{e}") for e in ENVS}
    lab.settled()
    before = {e: lab.api.get(EA, lab.ns, f"app-{e}") for e in ENVS}
    for what in ("a file", "everything below", "the folder itself"):
        if what == "a file":
            os.unlink(os.path.join(c.storage, found["development"]["path"]))
        elif what == "everything below":
            shutil.rmtree(os.path.join(c.storage, "externalartifact"))
        else:
            shutil.rmtree(c.storage)
        for e in ENVS:
            wait(f"{what} to be back", lambda: c.http("/" + found[e]["path"])[0] == 200, 30)
            lab.download(found[e])
            check(lab.api.get(EA, lab.ns, f"app-{e}") == before[e], "the ExternalArtifact was written")
    c.stop()


case_lost_files_are_made_anew_meanwhile.own_controllers = True


def case_suspended_stays_served(lab):
    """Without its files after a restart a suspended object is served again, and not announced anew"""
    c = lab.controller("suspended").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    lab.settled()
    lab.api.merge(OURS, lab.ns, "app", {"spec": {"suspend": True}})
    c.stop()
    shutil.rmtree(c.storage)
    before = lab.api.get(EA, lab.ns, "app-development")
    c.start(ready=False)
    wait("the file", lambda: c.http("/" + one["path"])[0] == 200, 30)
    check(lab.api.get(EA, lab.ns, "app-development") == before, "the ExternalArtifact was written")
    c.stop()


case_suspended_stays_served.own_controllers = True


def case_a_full_disk(lab):
    """What the disk does not take is held and told; what was announced stays served; room again: announced"""
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder(lab)]).returncode != 0:
        return  # who may not mount has no small disk
    try:
        c = lab.controller("full", storage=folder(lab)).start()
        lab.commit(tree(ns=lab.ns))
        lab.declare()
        found = {e: lab.announced(f"app-{e}") for e in ENVS}
        lab.settled()
        with open(os.path.join(folder(lab), "other"), "wb", buffering=0) as f:
            try:
                while f.write(bytes(4096)):
                    pass
            except OSError:
                pass
        lab.commit(tree(ns=lab.ns, text={"development": "two", "production": "one"}))
        lab.settled(ready="False", reason="StorageOperationFailed", contains="No space left")
        check(lab.artifact("app-development") == found["development"], "what is announced was changed")
        check(condition(lab.api.get(EA, lab.ns, "app-development"))["reason"] == "StorageOperationFailed", "its condition")
        check(condition(lab.api.get(EA, lab.ns, "app-production"))["status"] == "True", "another artifact is held")
        for e in ENVS:
            lab.download(found[e])
        check(not [f for _, _, fs in os.walk(folder(lab)) for f in fs if f.endswith(".tmp")], "a half-written file is left")
        os.unlink(os.path.join(folder(lab), "other"))
        lab.download(lab.announced("app-development", found["development"]))
        lab.settled()
        c.stop()
    finally:
        subprocess.run(["umount", "-l", folder(lab)])


def folder(lab):
    path = os.path.join(lab.work, "small-disk")
    os.makedirs(path, exist_ok=True)
    return path


case_a_full_disk.own_controllers = True


def case_old_files_go(lab):
    """What is announced no more goes after the retention time, all but the newest records at once"""
    c = lab.controller("old", ["--artifact-retention-ttl=3s", "--artifact-retention-records=1"]).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    last = lab.announced("app-development")
    for i in range(4):
        lab.commit(tree(ns=lab.ns, text=f"text {i}"))
        last = lab.announced("app-development", last)
    lab.settled()
    count = lambda: len(os.listdir(os.path.join(c.storage, os.path.dirname(last["path"]))))
    check(count() <= 2, f"{count()} files")
    wait("the former file to go", lambda: count() == 1, 20)
    lab.download(last)
    c.stop()


case_old_files_go.own_controllers = True
