"""What goes where."""
from lab import EA, KS, check, condition, wait
from tree import tree


def case_two_organizations(lab):
    """Data planes of one name in two OpenChoreo namespaces are two"""
    other = lab.ns + "-b"
    files = dict(tree(ns=lab.ns), **{"other/" + p: t for p, t in tree(ns=other).items()})
    lab.commit(files)
    lab.declare(splitBy=["DataPlane"])
    lab.settled(ready="False", reason="BuildFailed", contains="add Organization to splitBy")
    lab.declare(splitBy=["Organization", "DataPlane"])
    for ns in (lab.ns, other):
        part = lab.download(lab.announced(f"app-{ns}-default"))[0]
        check(any(ns in text.decode() for text in part.values()), "another organization's")
    lab.settled()
    lab.declare(splitBy=["Environment"])
    both = lab.download(lab.announced("app-development"))[0]
    text = both["development/shop/releasebinding-cart-development.yaml"].decode()
    check(lab.ns in text and other in text, "environments of one name are one artifact")
    wait("the others to go", lambda: lab.api.get(EA, lab.ns, f"app-{other}-default") is None)


def told(lab, reason):
    return [e["message"] for e in lab.api.list(("api/v1", "events"), lab.ns)
            if e["reason"] == reason and e["type"] == "Warning" and e["involvedObject"]["kind"] == "OpenChoreoSource"]


def case_what_is_left_behind_is_named(lab):
    """Paths and artifacts that go leave what was applied from them: an event names them, once, across a restart too"""
    both = lambda *names: {p: t for name in names for p, t in tree(ns=lab.ns, project=name, components=(f"at-{name}",)).items()}
    c = lab.controller("left-behind").start()
    lab.commit(both("shop", "bank"))
    lab.declare()
    a = lab.announced("app-development")
    lab.kustomize("app-development", name="bank", path="./development/bank")
    lab.applied(a["revision"], "bank")
    lab.settled()
    check(c.stop() == 0, "exit status")
    lab.commit(both("shop"))  # what the former version held is known by the storage alone
    c.start()
    b = lab.announced("app-development", unlike=a)
    wait("an event per artifact", lambda: len(told(lab, "PathsVanished")) == 2, 20)
    for e in ("development", "production"):
        check(any(m.startswith(f"app-{e} has lost paths") and m.endswith(f": ./{e}/bank") for m in told(lab, "PathsVanished")),
              f"{told(lab, 'PathsVanished')}")
    wait("the Kustomization to fail", lambda: "path not found" in condition(lab.api.get(KS, lab.ns, "bank")).get("message", ""))
    check("at-bank" in lab.pages("development"), "it was pruned after all")
    # Without a restart; a commit by which nothing goes is silent.
    lab.commit(both("shop", "bank"))
    third = lab.announced("app-development", unlike=b)
    lab.commit(both("shop"))
    lab.announced("app-development", unlike=third)
    # Alike events are one with a count.
    wait("the second time", lambda: sum(e.get("count", 1) for e in lab.api.list(("api/v1", "events"), lab.ns)
                                        if e["reason"] == "PathsVanished") == 4, 30)
    check(told(lab, "ArtifactVanished") == [], f"{told(lab, 'ArtifactVanished')}")
    lab.commit(tree(ns=lab.ns, environments=("development",), components=("at-shop",)))
    wait("app-production to go", lambda: lab.api.get(EA, lab.ns, "app-production") is None)
    wait("an event of it", lambda: [m for m in told(lab, "ArtifactVanished") if m.startswith("app-production is deleted, ")], 20)


case_what_is_left_behind_is_named.own_controllers = True


def case_too_much_for_one_kustomization(lab):
    """Beyond 2,000 objects in an artifact an event says how to split it, once for what changed it"""
    several = lambda n: tree(ns=lab.ns, environments=("development",), components=[f"c{i}" for i in range(n)])
    lab.commit(several(600))
    lab.declare()
    lab.announced("app-development", seconds=120)
    lab.settled()
    check(told(lab, "LargeArtifact") == [], f"{told(lab, 'LargeArtifact')}")
    lab.commit(several(1_100))
    wait("the event", lambda: told(lab, "LargeArtifact") or None, 120)
    check(told(lab, "LargeArtifact")[0].startswith("app-development holds ") and "splitBy" in told(lab, "LargeArtifact")[0],
          f"{told(lab, 'LargeArtifact')}")
