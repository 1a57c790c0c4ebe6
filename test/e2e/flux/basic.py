"""What a user does with the controller on an ordinary day. One function per case; each has a namespace of its own."""
import gzip, io, json, os, subprocess, tarfile, tempfile, time

from api_proxy import Proxy
from lab import (CM, EA, GIT, GROUP, KS, ORIGIN, OURS, VERSION, Failed, answer, check, condition, hold, pack, wait)
from tree import GUIDE, tree, write

LINE = 27 if GUIDE else 31  # where a broken template is used
ENVS = ("development", "production")


def setup(lab, kustomizations=True, **spec):
    """Two environments of two components, one text; gives name -> announced artifact."""
    lab.commit(tree(ns=lab.ns))
    lab.declare(**spec)
    found = {e: lab.announced(f"app-{e}") for e in ENVS}
    if kustomizations:
        for e in ENVS:
            lab.kustomize(f"app-{e}")
            lab.applied(found[e]["revision"], f"app-{e}")
    return found


def case_announce_and_apply(lab):
    """A source is announced, one artifact per environment follows, the Kustomizations apply them"""
    revision = lab.commit(tree(ns=lab.ns))
    lab.declare(commonMetadata={"labels": {"team": "web"}, "annotations": {"note": "x"}})
    for e in ENVS:
        a = lab.announced(f"app-{e}")
        lab.kustomize(f"app-{e}", wait=True)
        lab.applied(a["revision"], f"app-{e}")
        k = lab.api.get(KS, lab.ns, f"app-{e}")
        check(k["status"].get("lastAppliedOriginRevision") == revision, "the Kustomization does not show the commit")
        check(lab.pages(e) == {"cart": "one", "mail": "one"}, f"applied in {e}: {lab.pages(e)}")
    ours = lab.settled(reason="Succeeded")
    check(revision in condition(ours)["message"], f"Ready's message lacks the source's revision: {condition(ours)}")
    check(ours["metadata"].get("finalizers") == [f"{GROUP}/finalizer"], "finalizer")
    inventory = ours["status"]["inventory"]
    check([(i["name"], i["revision"], i["digest"]) for i in inventory] == [
        (f"app-{e}", lab.artifact(f"app-{e}")["revision"], lab.artifact(f"app-{e}")["digest"]) for e in ENVS],
        f"inventory: {inventory}")
    check([i.get("bindings") for i in inventory] == [2, 2], f"bindings in inventory: {inventory}")
    observed = ours["status"]["observedSources"]
    check(observed == [{"alias": "repo", "kind": "GitRepository", "namespace": lab.ns, "name": "repo", "revision": revision,
                        "digest": lab.api.get(GIT, lab.ns, "repo")["status"]["artifact"]["digest"]}], f"{observed}")
    ea = lab.api.get(EA, lab.ns, "app-development")
    labels = ea["metadata"]["labels"]
    for k, v in {"app.kubernetes.io/managed-by": "openchoreo-flux-source", f"{GROUP}/source": "app",
                 f"{GROUP}/environment": "development", "team": "web"}.items():
        check(labels.get(k) == v, f"label {k}: {labels.get(k)}")
    check(ea["metadata"]["annotations"].get("note") == "x", "commonMetadata.annotations")
    owner = ea["metadata"]["ownerReferences"][0]
    check((owner["kind"], owner["name"], owner["uid"], owner.get("controller")) ==
          ("OpenChoreoSource", "app", ours["metadata"]["uid"], True), f"owner: {owner}")
    check(ea["spec"]["sourceRef"] == {"apiVersion": f"{GROUP}/{VERSION}", "kind": "OpenChoreoSource", "name": "app",
                                      "namespace": lab.ns}, f"sourceRef: {ea['spec']}")
    c = condition(ea)
    check((c["status"], c["reason"], c.get("observedGeneration")) == ("True", "Succeeded", ea["metadata"]["generation"]) and
          ea["status"]["artifact"]["revision"] in c["message"], f"condition: {c}")
    managers = {m["manager"] for m in ea["metadata"]["managedFields"]}
    check(managers == {"openchoreo-flux-source"}, f"field managers: {managers}")


def case_artifact_bytes(lab):
    """Archive and revision follow their rules; the files are those of `render --output-dir`"""
    import hashlib
    revision = setup(lab, kustomizations=False)["development"]["revision"]
    a = lab.artifact("app-development")
    files, data, tar = lab.download(a)
    check(a["digest"] == "sha256:" + hashlib.sha256(data).hexdigest(), "digest is not the sha256 of the file")
    check(revision == "latest@sha256:" + hashlib.sha256(tar).hexdigest(), "revision is not latest@ + sha256 of the tar")
    check(a["path"] == f"externalartifact/{lab.ns}/app-development/{hashlib.sha256(data).hexdigest()}.tar.gz", a["path"])
    check(a["url"] == f"http://{lab.main.advertise}/{a['path']}", a["url"])
    check(a["metadata"][ORIGIN].startswith("main@sha1:"), f"origin: {a.get('metadata')}")
    check(data[:10] == b"\x1f\x8b\x08\0\0\0\0\0" + data[8:9] + b"\xff", f"gzip header {data[:10].hex()}")
    members = tarfile.open(fileobj=io.BytesIO(tar)).getmembers()
    names = [m.name for m in members]
    check(names == ["."] + ["development", "development/kustomization.yaml", "development/shop",
                            "development/shop/kustomization.yaml", "development/shop/namespaces.yaml",
                            "development/shop/releasebinding-cart-development.yaml",
                            "development/shop/releasebinding-mail-development.yaml", "kustomization.yaml"], f"{names}")
    for m in members:
        check((m.uid, m.gid, m.uname, m.gname, m.mtime) == (0, 0, "", "", 0), f"{m.name}: owner or time")
        check(m.mode == (0o750 if m.isdir() else 0o600), f"{m.name}: mode {m.mode:o}")
    for folder, listed in {"": ["development"], "development/": ["shop"], "development/shop/": [
            "namespaces.yaml", "releasebinding-cart-development.yaml", "releasebinding-mail-development.yaml"]}.items():
        text = files[folder + "kustomization.yaml"].decode()
        check(text == "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" +
              "".join(f"- {r}\n" for r in listed), f"{folder}kustomization.yaml:\n{text}")
    if lab.render:
        with tempfile.TemporaryDirectory() as t:
            write(tree(ns=lab.ns), t + "/in")
            subprocess.run([lab.render, "render", t + "/in", "--environment", "development", "--output-dir", t + "/out"],
                           check=True)
            for path, content in files.items():
                if not path.endswith("kustomization.yaml"):
                    check(open(f"{t}/out/{path}", "rb").read() == content, f"{path} is not what render writes")


def case_same_bytes_whatever_the_archive(lab):
    """The same tree in another archive (order, times, leading ./) and under another object gives the same digest"""
    a = setup(lab, kustomizations=False)["development"]
    lab.commit(None, name="again", data=pack(tree(ns=lab.ns), shuffle=True))
    lab.declare("other", sources=[{"alias": "x", "kind": "GitRepository", "name": "again"}])
    b = lab.announced("other-development")
    check((a["digest"], a["revision"]) == (b["digest"], b["revision"]), f"{a}\n{b}")


def case_new_commit_and_rollback(lab):
    """A commit reaches the cluster; the commit before it again gives the first revision and digest again"""
    one = setup(lab)["development"]
    lab.commit(tree(ns=lab.ns, text="two"))
    two = lab.announced("app-development", one)
    lab.applied(two["revision"], "app-development")
    check(lab.pages("development") == {"cart": "two", "mail": "two"}, f"{lab.pages('development')}")
    lab.download(one)  # a slow consumer still finds what was announced before
    lab.commit(tree(ns=lab.ns))
    back = lab.announced("app-development", two)
    check((back["revision"], back["digest"], back["path"]) == (one["revision"], one["digest"], one["path"]), "rollback differs")
    lab.applied(back["revision"], "app-development")
    check(lab.pages("development") == {"cart": "one", "mail": "one"}, f"{lab.pages('development')}")


def case_no_change_no_reconcile(lab):
    """A commit that renders the same writes to no ExternalArtifact and wakes no consumer; the object shows it"""
    setup(lab)
    ea = lab.api.get(EA, lab.ns, "app-development")
    ks = lab.api.get(KS, lab.ns, "app-development")["metadata"]["resourceVersion"]
    revision = lab.commit(tree(ns=lab.ns, ignored="only words"))
    o = lab.settled(contains=revision)
    check(o["status"]["observedSources"][0]["revision"] == revision, "observedSources is behind")
    hold("ExternalArtifact and Kustomization as they were",
         lambda: lab.api.get(EA, lab.ns, "app-development") == ea and
         lab.api.get(KS, lab.ns, "app-development")["metadata"]["resourceVersion"] == ks, 4)
    later = lab.commit(tree(ns=lab.ns, text="two"))
    two = lab.announced("app-development", ea["status"]["artifact"])
    check(two["metadata"] == {ORIGIN: later, f"{GROUP}/revision.repo": later}, f"metadata: {two['metadata']}")


def case_only_the_changed_environment(lab):
    """A change of one environment leaves the other's artifact alone"""
    found = setup(lab)
    before = lab.api.get(KS, lab.ns, "app-production")["metadata"]["resourceVersion"]
    lab.commit(tree(ns=lab.ns, text={"development": "two", "production": "one"}))
    two = lab.announced("app-development", found["development"])
    lab.applied(two["revision"], "app-development")
    lab.settled()
    check(lab.artifact("app-production")["revision"] == found["production"]["revision"], "production moved")
    check(lab.api.get(KS, lab.ns, "app-production")["metadata"]["resourceVersion"] == before, "production was reconciled")


def case_binding_deleted_is_pruned(lab):
    """A ReleaseBinding that goes takes its objects along; the others stay"""
    one = setup(lab)["production"]
    lab.commit(tree(ns=lab.ns, drop=[("mail", "production")]))
    lab.applied(lab.announced("app-production", one)["revision"], "app-production")
    check(lab.pages("production") == {"cart": "one"}, f"{lab.pages('production')}")
    check(lab.pages("development") == {"cart": "one", "mail": "one"}, f"{lab.pages('development')}")


def case_broken_template_keeps_last_good(lab):
    """A broken release holds its environment at the last good artifact with file:line:column; the other goes on"""
    found = setup(lab)
    lab.commit(tree(ns=lab.ns, text="two", broken_release="development"))
    o = lab.settled(ready="False", reason="BuildFailed", contains=f"projects/shop/cart/development.yaml:{LINE}:25: error[")
    text = condition(o)["message"]
    check("undeclared reference to 'nosuch'" in text and "ReleaseBinding" in text, f"message: {text}")
    check(f"projects/shop/mail/development.yaml:{LINE}:25" in text, "not all errors are told")
    new = lab.announced("app-production", found["production"])
    lab.applied(new["revision"], "app-production")
    check(lab.artifact("app-development")["digest"] == found["development"]["digest"], "the held artifact changed")
    held = [i["name"] for i in lab.ours()["status"]["inventory"] if i.get("held")]
    check(held == ["app-development"], f"held: {held}")
    lab.download(found["development"])
    check(lab.pages("development") == {"cart": "one", "mail": "one"}, "something was pruned or changed")
    c = condition(lab.api.get(EA, lab.ns, "app-development"))
    check((c["status"], c["reason"]) == ("False", "BuildFailed"), f"the held ExternalArtifact says {c}")
    check(condition(lab.api.get(EA, lab.ns, "app-production"))["status"] == "True", "the other ExternalArtifact is not Ready")
    events = [e for e in lab.api.list(("api/v1", "events"), lab.ns) if e["reason"] == "BuildFailed" and e["type"] == "Warning"]
    check(any(e["involvedObject"]["name"] == "app-development" for e in events), "no Warning event on the held ExternalArtifact")
    lab.commit(tree(ns=lab.ns, text="three"))
    lab.settled()
    lab.applied(lab.announced("app-development", found["development"])["revision"], "app-development")


def case_unreadable_file_holds_all(lab):
    """A document that cannot be read holds every artifact: nobody knows what it would have said"""
    found = setup(lab)
    lab.commit(tree(ns=lab.ns, text="two", unparsable="a: [openchoreo.dev/v1\n"))
    lab.settled(ready="False", reason="BuildFailed", contains="projects/unparsable.yaml:2:1: error[yaml-syntax]")
    for e in ENVS:
        check(lab.artifact(f"app-{e}")["revision"] == found[e]["revision"], f"{e} moved")


def case_empty_result_refused(lab):
    """An environment whose bindings all went is held, unless allowEmpty says otherwise; then everything is pruned"""
    found = setup(lab)
    lab.commit(tree(ns=lab.ns, drop=[("cart", "production"), ("mail", "production")]))
    lab.settled(ready="False", reason="BuildFailed", contains="app-production: the result is empty")
    check(lab.artifact("app-production")["revision"] == found["production"]["revision"], "an empty artifact was announced")
    check(lab.pages("production") == {"cart": "one", "mail": "one"}, "pruned")
    lab.declare(allowEmpty=True)
    empty = lab.announced("app-production", found["production"])
    files, _, _ = lab.download(empty)
    check(list(files) == ["kustomization.yaml"], f"{list(files)}")
    lab.applied(empty["revision"], "app-production")
    check(lab.pages("production") == {}, f"{lab.pages('production')}")
    lab.settled()


def case_environment_disappears(lab):
    """An Environment that left the tree takes its ExternalArtifact and files along, and nothing is pruned by that"""
    found = setup(lab)
    lab.commit(tree(ns=lab.ns, environments=("development",)))
    wait("app-production to be deleted", lambda: lab.api.get(EA, lab.ns, "app-production") is None)
    o = lab.settled()
    check([i["name"] for i in o["status"]["inventory"]] == ["app-development"], f"{o['status']['inventory']}")
    wait("its files to go", lambda: lab.main.http("/" + found["production"]["path"])[0] == 404)
    time.sleep(3)
    check(lab.pages("production") == {"cart": "one", "mail": "one"}, "pruned without anybody asking for it")


def case_split(lab):
    """splitBy: none, and by environment and project; paths inside are the same"""
    files = dict(tree(ns=lab.ns), **{p.replace("platform/", "platform2/"): t for p, t in
                                     tree(ns=lab.ns, project="desk", components=("till",)).items() if p.startswith("projects/")})
    lab.commit(files)
    lab.declare("whole", splitBy=[])
    lab.declare("each", splitBy=["Environment", "Project"])
    whole = lab.download(lab.announced("whole"))[0]
    check(whole["kustomization.yaml"].decode().endswith("resources:\n- development\n- production\n"), "root kustomization")
    for e in ENVS:
        for p in ("desk", "shop"):
            part = lab.download(lab.announced(f"each-{e}-{p}"))[0]
            for path, content in part.items():
                if path.startswith(f"{e}/{p}/"):
                    check(whole[path] == content, f"{path} differs")
            check(all(x.startswith(f"{e}/{p}/") or x.count("/") < 2 for x in part), f"{list(part)}")
            labels = lab.api.get(EA, lab.ns, f"each-{e}-{p}")["metadata"]["labels"]
            check((labels[f"{GROUP}/environment"], labels[f"{GROUP}/project"]) == (e, p), f"{labels}")
    lab.kustomize("each-development-desk", path="./development/desk")
    lab.applied(lab.artifact("each-development-desk")["revision"], "each-development-desk")
    check(lab.pages("development") == {"till": "one"}, f"{lab.pages('development')}")


def case_several_sources(lab):
    """Platform and projects in two repositories; a change of either counts; paths are named by alias"""
    files = tree(ns=lab.ns)
    part = lambda stem, f: {p: t for p, t in f.items() if p.startswith(stem)}
    lab.commit(part("platform/", files), name="platform")
    lab.commit(part("projects/", files), name="apps", kind="OCIRepository")
    lab.declare(sources=[{"alias": "platform", "kind": "GitRepository", "name": "platform"},
                         {"alias": "apps", "kind": "OCIRepository", "name": "apps"}], originRevisionFrom="apps")
    one = lab.announced("app-development")
    check(one["metadata"][ORIGIN] == lab.api.get((GIT[0], "ocirepositories"), lab.ns, "apps")["status"]["artifact"]["revision"],
          f"origin: {one['metadata']}")
    lab.commit(part("projects/", tree(ns=lab.ns, broken=True)), name="apps", kind="OCIRepository")
    lab.settled(ready="False", reason="BuildFailed", contains=f"apps/projects/shop/cart/development.yaml:{LINE}:25")
    lab.commit(part("projects/", tree(ns=lab.ns, text="two")), name="apps", kind="OCIRepository")
    lab.announced("app-development", one)
    lab.settled()


def case_path_and_selection(lab):
    """A folder of a source; selection by environment; a folder or a name that is not there is an error, not nothing"""
    lab.commit({f"tree/{p}": t for p, t in tree(ns=lab.ns).items()} | {"other.yaml": "apiVersion: openchoreo.dev/v1alpha1\nkind: Nonsense\n"})
    src = lambda path: [{"alias": "repo", "kind": "GitRepository", "name": "repo", "path": path}]
    lab.declare(sources=src("tree"), selection={"environments": ["development"]})
    lab.announced("app-development")
    lab.settled()
    check(lab.api.get(EA, lab.ns, "app-production") is None, "production was not selected")
    lab.declare(sources=src("tre"))
    lab.settled(ready="False", reason="BuildFailed", contains="tre")
    lab.declare(sources=src("tree"), selection={"environments": ["developement"]})
    lab.settled(ready="False", reason="BuildFailed", contains="developement")
    check(lab.artifact("app-development") is not None, "the last good artifact is gone")


def case_source_not_there_yet(lab):
    """Object first, source later; a source without artifact; a source that goes away keeps the last good artifact"""
    lab.declare()
    lab.settled(ready="False", reason="SourceFetchFailed", contains="GitRepository")
    lab.api.create(GIT, lab.ns, {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
                                 "metadata": {"name": "repo"}, "spec": {"interval": "1h", "suspend": True, "url": "https://example.com/x.git"}})
    lab.settled(ready="False", reason="SourceFetchFailed", contains="no artifact")
    lab.commit(tree(ns=lab.ns))
    a = lab.announced("app-development", seconds=15)
    lab.settled()
    lab.api.delete(GIT, lab.ns, "repo")
    lab.settled(ready="False", reason="SourceFetchFailed")
    check(lab.artifact("app-development")["revision"] == a["revision"], "the last good artifact is gone")
    lab.download(a)


def case_suspend(lab):
    """Nothing happens while suspended, what is announced stays served; resuming catches up"""
    one = setup(lab, kustomizations=False)["development"]
    lab.declare(suspend=True)
    lab.commit(tree(ns=lab.ns, text="two"))
    hold("suspended", lambda: lab.artifact("app-development")["revision"] == one["revision"], 4)
    lab.download(one)
    lab.declare(suspend=False)
    lab.announced("app-development", one)


def case_reconcile_request(lab):
    """reconcile.fluxcd.io/requestedAt is acted on and noted, also where nothing is to be done"""
    setup(lab, kustomizations=False)
    lab.settled()
    for token in ("first", "second"):
        lab.api.merge(OURS, lab.ns, "app", {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": token}}})
        wait(f"lastHandledReconcileAt {token}", lambda: lab.ours()["status"].get("lastHandledReconcileAt") == token, 15)
        lab.settled()


def case_object_deleted(lab):
    """Deleting the object removes ExternalArtifacts and files and prunes nothing"""
    found = setup(lab)
    lab.api.delete(OURS, lab.ns, "app")
    wait("the object to go", lambda: lab.ours() is None)
    for e in ENVS:
        check(lab.api.get(EA, lab.ns, f"app-{e}") is None, f"app-{e} is left")
        check(lab.main.http("/" + found[e]["path"])[0] == 404, f"files of {e} are left")
    time.sleep(3)
    check(lab.pages("production") == {"cart": "one", "mail": "one"}, "pruned")


def case_drift_is_mended(lab):
    """An ExternalArtifact that somebody deletes or changes is as it should be within seconds"""
    one = setup(lab, kustomizations=False)["development"]
    lab.settled()
    core = lambda a: a and {k: v for k, v in a.items() if k != "lastUpdateTime"}
    lab.api.delete(EA, lab.ns, "app-development")
    wait("it to come back", lambda: core(lab.artifact("app-development")) == core(one), 15)
    lab.api.merge(EA, lab.ns, "app-development", {"status": {"artifact": {"url": "http://127.0.0.1:1/evil.tar.gz",
                                                                         "revision": "latest@sha256:" + "0" * 64}}}, "status")
    wait("the status to be mended", lambda: core(lab.artifact("app-development")) == core(one), 15)
    lab.api.merge(EA, lab.ns, "app-development", {"metadata": {"labels": {f"{GROUP}/environment": "moon"}}})
    wait("the label to be mended", lambda: lab.api.get(EA, lab.ns, "app-development")["metadata"]["labels"]
         [f"{GROUP}/environment"] == "development", 15)


def case_foreign_artifact_is_left_alone(lab):
    """An ExternalArtifact of that name that is not ours is never taken over"""
    lab.commit({"a.yaml": "x"}, name="app-development", kind="ExternalArtifact")
    before = lab.artifact("app-development")
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled(ready="False", reason="OwnershipConflict", contains="app-development")
    lab.announced("app-production")
    check(lab.artifact("app-development") == before, "somebody else's ExternalArtifact was changed")
    lab.api.delete(OURS, lab.ns, "app")
    wait("the object to go", lambda: lab.ours() is None)
    check(lab.artifact("app-development") == before, "somebody else's ExternalArtifact was deleted")


def case_foreign_artifact_of_a_moment_ago(lab):
    """Nor is one that was made before the controller heard of it, though nothing in it contradicts ours"""
    proxy = Proxy(lab.api)
    c = lab.controller("behind", ["--kubeconfig=" + proxy.kubeconfig(os.path.join(lab.work, "behind.kubeconfig"))]).start()
    proxy.unheard = "externalartifacts"
    lab.api.create(EA, lab.ns, {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "ExternalArtifact",
                                "metadata": {"name": "app-development"}})
    before = lab.api.get(EA, lab.ns, "app-development")
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled(ready="False", reason="OwnershipConflict", contains="app-development")
    lab.announced("app-production")
    check(lab.api.get(EA, lab.ns, "app-development") == before, "somebody else's ExternalArtifact was changed")
    c.stop()


case_foreign_artifact_of_a_moment_ago.own_controllers = True


def case_external_artifact_as_source(lab):
    """An ExternalArtifact (an ArtifactGenerator's, say) as input; its origin revision is passed on"""
    lab.commit(tree(ns=lab.ns), name="split", kind="ExternalArtifact", metadata={ORIGIN: "main@sha1:" + "a" * 40})
    lab.declare(sources=[{"alias": "repo", "kind": "ExternalArtifact", "name": "split"}])
    check(lab.announced("app-development")["metadata"][ORIGIN] == "main@sha1:" + "a" * 40, "origin revision")


def case_spec_is_validated(lab):
    """What cannot be meant is refused by the API server or told as Stalled"""
    git = {"kind": "GitRepository", "name": "repo"}
    for what, spec in {"two sources of one alias": {"sources": [dict(git, alias="a"), dict(git, alias="a", name="b")]},
                       "an alias with a slash": {"sources": [dict(git, alias="a/b")]},
                       "no source": {"sources": []},
                       "a path that leaves": {"sources": [dict(git, alias="a", path="../x")]},
                       "an unknown kind": {"sources": [dict(git, alias="a", kind="HelmRepository")]},
                       "an interval that is none": {"interval": "soon"},
                       "originRevisionFrom of no source": {"sources": [dict(git, alias="a")], "originRevisionFrom": "b"},
                       "all OpenChoreo resources in split artifacts": {"sources": [dict(git, alias="a")], "include": "all"}}.items():
        body = {"apiVersion": f"{GROUP}/{VERSION}", "kind": "OpenChoreoSource", "metadata": {"name": "bad"},
                "spec": dict({"sources": [dict(git, alias="repo")]}, **spec)}
        if lab.api.call("POST", lab.api.path(OURS, lab.ns), body, ok=False) is None:
            continue
        o = lab.settled("bad", ready="False", reason="ValidationFailed")
        check(condition(o, "Stalled").get("status") == "True", f"{what}: not Stalled")
        lab.api.delete(OURS, lab.ns, "bad")
        wait("it to go", lambda: lab.ours("bad") is None)


def case_storage_server(lab):
    """GET, HEAD, Range, ETag; no listings, no way out of the folder, no other methods"""
    a = setup(lab, kustomizations=False)["development"]
    _, data, _ = lab.download(a)
    path, http = "/" + a["path"], lab.main.http
    status, body, headers = http(path, method="HEAD")
    check((status, body, headers.get("Content-Length")) == (200, b"", str(len(data))), f"HEAD: {status} {headers}")
    etag = headers.get("ETag")
    check(etag, "no ETag")
    check(http(path, headers={"If-None-Match": etag})[0] == 304, "If-None-Match")
    status, body, _ = http(path, headers={"Range": "bytes=10-19"})
    check((status, body) == (206, data[10:20]), f"Range: {status}")
    for bad in ("/", "/externalartifact", f"/externalartifact/{lab.ns}/", path.rsplit("/", 1)[0], path + ".lock", path + "/",
                "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", path.replace("/app", "/./app") + "x"):
        check(http(bad)[0] in (400, 403, 404), f"GET {bad}: {http(bad)[0]}")
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        check(http(path, method=method)[0] in (400, 403, 404, 405, 501), f"{method} is answered")
    lab.download(a)


def case_probes_and_metrics(lab):
    """/healthz, /readyz, and the series of the README"""
    setup(lab, kustomizations=False)
    lab.settled()
    check(lab.main.http("/healthz", lab.main.health)[0] == 200 and lab.main.http("/readyz", lab.main.health)[0] == 200, "probes")
    m = lab.main.metric
    check((m("controller_runtime_reconcile_total", controller="openchoreosource", result="success") or 0) >= 1, "reconcile_total")
    for name, labels in {"controller_runtime_reconcile_time_seconds_count": {"controller": "openchoreosource"},
                         "gotk_reconcile_duration_seconds_count": {"kind": "OpenChoreoSource", "namespace": lab.ns, "name": "app"},
                         "workqueue_depth": {}, "leader_election_master_status": {},
                         "openchoreo_flux_source_fetch_seconds_count": {}, "openchoreo_flux_source_render_seconds_count": {},
                         "openchoreo_flux_source_artifacts_announced_total": {}, "openchoreo_flux_source_artifacts_held": {},
                         "openchoreo_flux_source_storage_bytes": {}, "openchoreo_flux_source_artifact_requests_total": {}}.items():
        check(m(name, **labels) is not None, f"no series {name} {labels}")
    lab.api.delete(OURS, lab.ns, "app")
    wait("the series of a deleted object to go",
         lambda: m("gotk_reconcile_duration_seconds_count", namespace=lab.ns, name="app") is None, 15)


def case_quiet_when_idle(lab):
    """Once settled, nothing is written to the API server: no status is patched again and again"""
    setup(lab, kustomizations=False)
    lab.settled()
    time.sleep(2)
    stamp = lambda: (lab.ours()["metadata"]["resourceVersion"], lab.api.get(EA, lab.ns, "app-development")["metadata"]["resourceVersion"])
    before = stamp()
    hold("object and ExternalArtifact as they are", lambda: stamp() == before, 6)


def case_cross_namespace(lab):
    """A source of another namespace works, and is refused under --no-cross-namespace-refs"""
    platform = lab.ns
    lab.commit(tree(ns=platform))
    lab.fresh_namespace("cross-b")
    src = [{"alias": "repo", "kind": "GitRepository", "name": "repo", "namespace": platform}]
    c = lab.controller("cross").start()
    lab.declare(sources=src)
    one = lab.announced("app-development")
    lab.settled()
    c.stop()
    c = lab.controller("strict", flags=["--no-cross-namespace-refs"], storage=c.storage).start()
    o = lab.settled(ready="False", reason="AccessDenied", contains=platform)
    check(condition(o, "Stalled").get("status") == "True", "not Stalled")
    check(lab.artifact("app-development")["revision"] == one["revision"], "last good artifact")


case_cross_namespace.own_controllers = True
