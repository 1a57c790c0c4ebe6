"""What did not change is not done again: counted by the controller's own figures and by what the API server and the disk show."""
import os, time

from basic import ENVS
from lab import EA, OURS, check, wait
from tree import tree

FIGURES = ("fetch_seconds_count", "files_parsed_total", "bindings_rendered_total", "archives_packed_total", "artifacts_announced_total")


def figures(c):
    """What was done so far, by name; `writes`: PATCHes and POSTs of the API server but for those of events."""
    found = {name: c.metric("openchoreo_flux_source_" + name) for name in FIGURES}
    found["writes"] = sum(c.metric("rest_client_requests_total", method=m) or 0 for m in ("PATCH", "POST", "DELETE"))
    return found


def since(before, now):
    return {name: now[name] - before[name] for name in now}


def stamps(c):
    return {os.path.join(root, f): (os.stat(os.path.join(root, f)).st_ino, os.stat(os.path.join(root, f)).st_mtime_ns)
            for root, _, files in os.walk(c.storage) for f in files}


def versions(lab):
    return {e: lab.api.get(EA, lab.ns, f"app-{e}")["metadata"]["resourceVersion"] for e in ENVS}


def observed(lab, revision, name="app"):
    wait("the commit to be observed",
         lambda: (lab.ours(name).get("status", {}).get("observedSources") or [{}])[0].get("revision") == revision)


def case_what_did_not_change_is_not_done_again(lab):
    """Requests, commits without effect, and one changed file: what is fetched, parsed, rendered, packed and written"""
    # Events are counted as writes, too: none here.
    c = lab.controller("counted").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled()
    wait("events to be sent", lambda: len([e for e in lab.api.list(("api/v1", "events"), lab.ns)]) >= 2)

    def step(what, act, ready, bounds):
        before, files, eas = figures(c), stamps(c), versions(lab)
        act()
        ready()
        done = since(before, figures(c))
        for name, most in bounds.items():
            check(done[name] <= most, f"{what}: {name} {done[name]:.0f}, not {most}: {done}")
        return files == stamps(c), eas, done

    def request():
        lab.api.merge(OURS, lab.ns, "app", {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "one"}}})
    nothing = {"files_parsed_total": 0, "bindings_rendered_total": 0, "archives_packed_total": 0, "artifacts_announced_total": 0}
    same, eas, _ = step("a request", request,
                        lambda: wait("the request", lambda: lab.ours()["status"].get("lastHandledReconcileAt") == "one"),
                        dict(nothing, fetch_seconds_count=0, writes=1))
    check(same and versions(lab) == eas, "a request wrote something")

    revision = []
    same, eas, done = step("a commit of other files", lambda: revision.append(lab.commit(tree(ns=lab.ns, ignored="words"))),
                           lambda: observed(lab, revision[-1]), dict(nothing, fetch_seconds_count=1, writes=1))
    check(done["fetch_seconds_count"] == 1 and same and versions(lab) == eas, f"a commit without effect wrote something: {done}")

    # One file of one binding: that file, that binding, that artifact (archive, ExternalArtifact, its event), and the object.
    same, eas, done = step("one changed file",
                           lambda: revision.append(lab.commit(tree(ns=lab.ns, ignored="words", text={"development": "two", "production": "one"},
                                                                   components=("cart", "mail")))),
                           lambda: observed(lab, revision[-1]),
                           {"fetch_seconds_count": 1, "files_parsed_total": 2, "bindings_rendered_total": 2,
                            "archives_packed_total": 1, "artifacts_announced_total": 1, "writes": 3})
    check(done["bindings_rendered_total"] == 2 and done["archives_packed_total"] == 1, f"{done}")
    check(versions(lab)["production"] == eas["production"] and versions(lab)["development"] != eas["development"], "ExternalArtifacts")
    lab.settled()
    c.stop()


case_what_did_not_change_is_not_done_again.own_controllers = True


def case_one_fetch_for_all(lab):
    """Ten objects of one source: one download of each revision"""
    c = lab.controller("shared-source").start()
    lab.commit(tree(ns=lab.ns))
    for i in range(10):
        lab.declare(f"app{i}")
    for i in range(10):
        lab.settled(f"app{i}")
    check(c.metric("openchoreo_flux_source_fetch_seconds_count") == 1, "more than one download")
    revision = lab.commit(tree(ns=lab.ns, text="two"))
    for i in range(10):
        observed(lab, revision, f"app{i}")
    check(c.metric("openchoreo_flux_source_fetch_seconds_count") == 2, "more than one download")
    c.stop()


case_one_fetch_for_all.own_controllers = True


def case_announcements_go_first(lab):
    """Where calls are few, what others act upon is told before the objects' own statuses, and nothing is asked"""
    c = lab.controller("few", ["--kube-api-qps=25", "--kube-api-burst=1"])
    lab.commit(tree(ns=lab.ns, environments=("development",)))
    names = [f"app{i}" for i in range(40)]
    for name in names:
        lab.declare(name)

    def told(kind):
        return sum(bool((o.get("status") or {}).get("conditions")) for o in lab.api.list(kind, lab.ns))
    c.start(ready=False)
    end = time.monotonic() + 120
    while told(EA) < len(names):
        check(time.monotonic() < end, "not all are announced")
        time.sleep(0.05)
    early = told(OURS)
    check(early < len(names) / 2, f"{early} statuses were written before the last announcement")
    for name in names:
        lab.settled(name)
    # Each kind is listed and watched; no object is asked about.
    check(c.metric("rest_client_requests_total", method="GET") < len(names), "each object is asked about")
    c.stop()


case_announcements_go_first.own_controllers = True


def case_after_a_restart(lab):
    """With its storage a restarted controller writes nothing"""
    c = lab.controller("restarted").start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled()
    files, eas, ours = stamps(c), versions(lab), lab.ours()["metadata"]["resourceVersion"]
    check(c.stop() == 0, "exit status")
    c.start()
    wait("it to reconcile", lambda: (c.metric("openchoreo_flux_source_render_seconds_count") or 0) >= 1)
    wait("it to come to rest", lambda: c.metric("controller_runtime_active_workers") == 0)
    done = figures(c)
    check(done["writes"] == 0 and done["archives_packed_total"] == 0, f"{done}")
    check((stamps(c), versions(lab), lab.ours()["metadata"]["resourceVersion"]) == (files, eas, ours), "something was written")
    c.stop()


case_after_a_restart.own_controllers = True
