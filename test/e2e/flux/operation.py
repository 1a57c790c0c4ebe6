"""What is installed, and who may do what: every form of the installation on a real API server, the controller as its own
service account under its ValidatingAdmissionPolicy, monitoring against what is really told, doctor, the sandbox."""
import glob, http.client, json, os, re, subprocess, time

from basic import setup
from lab import EA, GROUP, KS, OURS, Failed, check, condition, hold, wait
from tree import tree

INSTALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "flux-source", "install")
US = "system:serviceaccount:flux-system:openchoreo-flux-source"
POLICY = "apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/openchoreo-flux-source"
BINDING = "apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/openchoreo-flux-source"


def kubectl(lab, *arguments, text=None):
    program = os.path.join(os.environ.get("PEER_BIN", ""), "kubectl")
    r = subprocess.run([program, "--kubeconfig", lab.kubeconfig, *arguments], input=text, capture_output=True, text=True)
    check(r.returncode == 0, f"kubectl {' '.join(arguments)}: {r.stderr}")
    return r.stdout


def build(lab, resources, components=()):
    """The manifests of a kustomization over folders of the installation."""
    folder = os.path.join(lab.work, "install")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "kustomization.yaml"), "w") as f:
        f.write("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n")
        f.writelines(f"- {os.path.relpath(os.path.join(INSTALL, r), folder)}\n" for r in resources)
        if components:
            f.write("components:\n")
            f.writelines(f"- {os.path.relpath(os.path.join(INSTALL, c), folder)}\n" for c in components)
    return kubectl(lab, "kustomize", "--load-restrictor=LoadRestrictionsNone", folder)


def namespace(lab, name):
    lab.api.call("POST", "api/v1/namespaces", {"metadata": {"name": name}}, ok=False)


def take_away_policy(lab):
    for path in (BINDING, POLICY):
        lab.api.call("DELETE", path, ok=False)


def case_every_installation_applies(lab):
    """flux-system and a namespace of its own, with replicas and with a volume: taken as they are by the API server"""
    namespace(lab, "flux-system")
    namespace(lab, "openchoreo-flux")
    for resource in ("flux-system", "own-namespace"):
        for components in ((), ("replicas",), ("pvc",)):
            text = build(lab, [resource], components)
            out = kubectl(lab, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-", text=text)
            for kind in ("deployment", "service/", "clusterrole", "validatingadmissionpolicy", "configmap"):
                check(kind in out, f"{resource} {components}: no {kind}")
            check("*" not in re.sub(r"(?s)kind: CustomResourceDefinition.*?\n---", "", text).split("kind: ClusterRole\n")[1].split("---")[0],
                  "a wildcard in the role")
            check("secrets" not in text.split("kind: ClusterRole\n")[1].split("---")[0], "Secrets in the role")
            replicas = re.search(r"(?m)^  replicas: (\d)", text).group(1)
            check(replicas == ("2" if components == ("replicas",) else "1"), f"{replicas} replicas")
            check(("persistentVolumeClaim" in text) == (components == ("pvc",)), "volume")
            check(("kind: NetworkPolicy" in text) == (resource == "own-namespace"), "NetworkPolicies")
            for hardening in ("runAsNonRoot: true", "readOnlyRootFilesystem: true", "type: RuntimeDefault", "allowPrivilegeEscalation: false"):
                check(hardening in text, hardening)


def as_user(lab, user, method, path, body=None, kind="application/merge-patch+json"):
    """Status and text of a call under another name."""
    c = http.client.HTTPSConnection(lab.api.url.hostname, lab.api.url.port, context=lab.api.context, timeout=30)
    headers = {"Content-Type": kind, "Impersonate-User": user}
    if user == "tenant":
        headers["Impersonate-Group"] = "tenants"
    c.request(method, "/" + path, json.dumps(body) if body is not None else None, headers)
    r = c.getresponse()
    text = r.read().decode(errors="replace")
    c.close()
    return r.status, text


def case_as_its_service_account(lab):
    """Rights and policy of the installation suffice for the controller, with an election; others write neither ours nor our URLs"""
    namespace(lab, "flux-system")
    take_away_policy(lab)
    c = lab.controller("account")
    prefix = f"http://{c.advertise}/"
    text = build(lab, ["flux-system"]).replace("http://openchoreo-flux-source.flux-system.svc.cluster.local./", prefix)
    kubectl(lab, "apply", "--server-side", "--force-conflicts", "-f", "-", text=text)
    try:
        token = lab.api.call("POST", "api/v1/namespaces/flux-system/serviceaccounts/openchoreo-flux-source/token",
                             {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})["status"]["token"]
        config = json.loads(kubectl(lab, "config", "view", "--raw", "-o", "json"))
        for user in config["users"]:
            user["user"] = {"token": token}
        path = os.path.join(lab.work, "account.kubeconfig")
        with open(path, "w") as f:
            json.dump(config, f)
        c.flags = ["--kubeconfig=" + path, "--enable-leader-election"]
        # What the API server has made of the policy takes it a moment.
        lab.api.create(EA, lab.ns, {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "ExternalArtifact",
                                    "metadata": {"name": "theirs"}, "spec": {}})
        artifact = {"path": "x", "url": "http://elsewhere/x.tar.gz", "revision": "1@sha256:" + "0" * 64,
                    "digest": "sha256:" + "0" * 64, "lastUpdateTime": "2026-01-01T00:00:00Z"}
        theirs = lab.api.path(EA, lab.ns, "theirs")

        def enforced():
            return as_user(lab, US, "PATCH", theirs + "/status", {"status": {"artifact": artifact}})[0] >= 400
        wait("the policy to be in force", enforced, 30)
        c.start()
        lab.commit(tree(ns=lab.ns))
        lab.declare()
        one = lab.announced("app-development")
        lab.settled()
        lab.download(one)
        lab.commit(tree(ns=lab.ns, text="two"))
        two = lab.announced("app-development", one)
        wait("events", lambda: [e for e in lab.api.list(("api/v1", "events"), lab.ns) if e["involvedObject"]["kind"] == "ExternalArtifact"], 20)
        check("forbidden" not in open(c.log, errors="replace").read(), "something is forbidden to it")

        ours, label = lab.api.path(EA, lab.ns, "app-development"), {"app.kubernetes.io/managed-by": "openchoreo-flux-source"}
        mine = dict(artifact, url=prefix + "x.tar.gz")
        tenant = "tenant"
        lab.api.call("POST", "apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                     {"metadata": {"name": "tenant-is-mighty"}, "subjects": [{"kind": "Group", "name": "tenants", "apiGroup": "rbac.authorization.k8s.io"}],
                      "roleRef": {"kind": "ClusterRole", "name": "cluster-admin", "apiGroup": "rbac.authorization.k8s.io"}}, ok=False)
        new = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "ExternalArtifact", "metadata": {"name": "new"}, "spec": {}}
        refused = {
            "we, what is not labelled ours": (US, "PATCH", theirs, {"metadata": {"annotations": {"a": "b"}}}),
            "we, to make another's ours": (US, "PATCH", theirs, {"metadata": {"labels": label}}),
            "we, to delete another's": (US, "DELETE", theirs, None),
            "we, another's URL": (US, "PATCH", ours + "/status", {"status": {"artifact": artifact}}),
            "a tenant, our label": (tenant, "PATCH", theirs, {"metadata": {"labels": label}}),
            "a tenant, our label on a new one": (tenant, "POST", lab.api.path(EA, lab.ns), dict(new, metadata={"name": "new", "labels": label})),
            "a tenant, our URL": (tenant, "PATCH", theirs + "/status", {"status": {"artifact": mine}}),
            "a tenant, what ours announces": (tenant, "PATCH", ours + "/status", {"status": {"artifact": dict(artifact, digest="sha256:" + "1" * 64)}}),
            "a tenant, a digest of ours": (tenant, "PATCH", ours + "/status", {"status": {"artifact": {"digest": "sha256:" + "1" * 64}}}),
            "a tenant, ours as nobody's": (tenant, "PATCH", ours, {"metadata": {"labels": {k: None for k in label}, "ownerReferences": None}}),
            "we, a Secret": (US, "GET", f"api/v1/namespaces/{lab.ns}/secrets", None),
            "we, a GitRepository": (US, "PATCH", f"apis/source.toolkit.fluxcd.io/v1/namespaces/{lab.ns}/gitrepositories/repo", {"metadata": {"labels": {"a": "b"}}}),
        }
        for what, (user, method, path, body) in refused.items():
            status, text = as_user(lab, user, method, path, body, "application/json" if method == "POST" else "application/merge-patch+json")
            check(status in (403, 422), f"{what}: {status} {text[:300]}")
        status, text = as_user(lab, tenant, "PATCH", theirs + "/status", {"status": {"artifact": artifact}})
        check(status == 200, f"a tenant's own URL: {status} {text[:300]}")
        status, text = as_user(lab, tenant, "PATCH", theirs, {"metadata": {"labels": {"a": "b"}}})
        check(status == 200, f"a tenant's own label: {status} {text[:300]}")
        status, text = as_user(lab, tenant, "PATCH", ours, {"metadata": {"labels": {"app.kubernetes.io/managed-by": None}}})
        check(status == 200, f"our label taken away: {status} {text[:300]}")
        wait("our label", lambda: lab.api.get(EA, lab.ns, "app-development")["metadata"]["labels"].items() >= label.items(), 30)
        status, text = as_user(lab, tenant, "DELETE", ours)
        check(status == 200, f"one of ours deleted: {status} {text[:300]}")
        wait("it to be made anew", lambda: condition(lab.api.get(EA, lab.ns, "app-development") or {}), 30)
        lab.download(two)
        lab.api.delete(OURS, lab.ns, "app")
        wait("it to go, with its ExternalArtifacts", lambda: lab.ours() is None and lab.api.get(EA, lab.ns, "app-development") is None)
        check(c.stop() == 0, "exit status")
    finally:
        take_away_policy(lab)
        lab.api.call("DELETE", "apis/rbac.authorization.k8s.io/v1/clusterrolebindings/tenant-is-mighty", ok=False)
        lab.api.call("DELETE", lab.api.path(EA, lab.ns, "theirs"), ok=False)


case_as_its_service_account.own_controllers = True


def case_the_kind_goes(lab):
    """With the CRD the objects and their ExternalArtifacts go, and nothing that was applied; with both again all is as it was"""
    c = lab.controller("kind").start()
    found = setup(lab)
    crd = "apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + ".".join((OURS[1], GROUP))
    try:
        lab.api.call("DELETE", crd)
        wait("the ExternalArtifacts to go", lambda: not lab.api.list(EA, lab.ns), 30)
        wait("the CRD to go", lambda: lab.api.call("GET", crd, ok=False) is None, 30)
    finally:
        text = subprocess.run([lab.program, "crd"], check=True, capture_output=True, text=True).stdout
        lab.api.apply_yaml(text)
        wait("the CRD to be served", lambda: lab.api.call("GET", lab.api.path(OURS), ok=False), 30)
    check(c.alive(), f"it ended: {c.tail()}")
    check(all(lab.pages(e) for e in found), "something was pruned")
    lab.declare()
    for e, a in found.items():
        wait("the same revision", lambda: (lab.artifact(f"app-{e}") or {}).get("revision") == a["revision"], 60)
        lab.download(lab.artifact(f"app-{e}"))
        check(lab.pages(e) == {"cart": "one", "mail": "one"}, f"applied in {e}: {lab.pages(e)}")
    check(c.stop() == 0, "exit status")


case_the_kind_goes.own_controllers = True


def case_monitoring_reads_what_is_told(lab):
    """Every series that the dashboard and the alerts name is one of the controller's, or of the kube-state-metrics snippet"""
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.download(lab.announced("app-development"))
    lab.settled()
    told = set(re.findall(r"(?m)^([a-z_]+)", lab.main.http("/metrics", lab.main.metrics)[1].decode()))
    snippet = open(os.path.join(INSTALL, "monitoring", "kube-state-metrics.yaml")).read()
    check("metricNamePrefix: gotk" in snippet and "name: resource_info" in snippet, "gotk_resource_info")
    told.add("gotk_resource_info")
    dashboard = json.load(open(os.path.join(INSTALL, "monitoring", "dashboard.json")))
    rules = open(os.path.join(INSTALL, "monitoring", "prometheus-rule.yaml")).read()
    queries = [t["expr"] for p in dashboard["panels"] for t in p.get("targets", [])] + re.findall(r"(?m)^ +expr: (.*)$", rules)
    check(len(queries) > 8, "few queries")
    for query in queries:
        names = {n for n in re.findall(r"\b([a-z]+(?:_[a-z]+)+)\b(?=[\[{)(]| |$)", re.sub(r'"[^"]*"', "", query))} - {"histogram_quantile", "predict_linear"}
        named = [n for n in names if n.startswith(("openchoreo_", "gotk_", "controller_runtime_", "workqueue_", "rest_client_", "leader_"))]
        check(named, f"no series in {query}")
        for name in named:
            check(name in told, f"{name} of {query} is not told")
    # The paths of the snippet are those of the object.
    o = lab.ours()
    check(isinstance(o["status"].get("artifacts"), int) and condition(o)["status"] == "True", f"{o['status']}")


def case_doctor(lab):
    """What is in the way is named with the line to change; nothing in the way: it says so"""
    ask = lambda: subprocess.run([lab.program, "doctor", "--kubeconfig=" + lab.kubeconfig], capture_output=True, text=True)
    lab.commit(tree(ns=lab.ns), url="http://127.0.0.1:9/blocked.tar.gz")
    lab.declare()
    lab.settled(ready="False", reason="SourceFetchFailed")
    r = ask()
    check(r.returncode == 1 and f"OpenChoreoSource {lab.ns}/app cannot download" in r.stdout and
          "own-namespace/source-controller.yaml" in r.stdout, f"{r.returncode}: {r.stdout}{r.stderr}")
    lab.api.delete(OURS, lab.ns, "app")
    wait("it to go", lambda: lab.ours() is None)
    namespace(lab, "flux-system")
    container = {"name": "manager", "image": "x", "args": ["--log-level=info"]}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "kustomize-controller"},
                  "spec": {"selector": {"matchLabels": {"app": "kc"}}, "template": {"metadata": {"labels": {"app": "kc"}},
                                                                                "spec": {"containers": [container]}}}}
    deployments = ("apis/apps/v1", "deployments")
    lab.api.create(deployments, "flux-system", deployment)
    try:
        r = ask()
        check(r.returncode == 1 and "feature gate is off" in r.stdout and "--feature-gates=ExternalArtifact=true" in r.stdout, r.stdout)
        # The line it names is the one that helps.
        patch = json.loads(re.sub(r"([{,]) ?(\w+): ([^,}]*)", r'\1"\2":"\3"', re.search(r"patch: '(.*)'", r.stdout).group(1)))
        lab.api.call("PATCH", lab.api.path(deployments, "flux-system", "kustomize-controller"), patch, "application/json-patch+json")
        r = ask()
        check(r.returncode == 0 and "nothing is in the way" in r.stdout, f"{r.returncode}: {r.stdout}{r.stderr}")
    finally:
        lab.api.delete(deployments, "flux-system", "kustomize-controller")


def case_sandbox(lab):
    """The process can raise no privileges, starts no programs, and writes nowhere but into its storage"""
    lab.main.ready()
    text = open(f"/proc/{lab.main.process.pid}/status").read()
    check(re.search(r"(?m)^NoNewPrivs:\t1$", text) and re.search(r"(?m)^Seccomp:\t2$", text), "not in a sandbox")
    check('"in_force"' in open(lab.main.log).read(), "the log does not tell of it")


def case_tables(lab):
    """What kubectl and the flux program put into tables: columns of both kinds, revision, source, Ready and its message"""
    revision = lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled()

    def table(kind):
        lines = kubectl(lab, "-n", lab.ns, "get", kind).splitlines()
        starts = [m.start() for m in re.finditer(r"\S+(?: \S+)*", lines[0])] + [None]
        cells = [[line[a:b].strip() for a, b in zip(starts, starts[1:])] for line in lines]
        return {row[0]: dict(zip(cells[0], row)) for row in cells[1:]}
    row = table("openchoreosources")["app"]
    check(list(row) == ["NAME", "AGE", "READY", "STATUS", "ARTIFACTS", "SUSPENDED"], f"{row}")
    check((row["READY"], row["ARTIFACTS"]) == ("True", "2") and revision in row["STATUS"], f"{row}")
    for e in ("development", "production"):
        row = table("externalartifacts")[f"app-{e}"]
        check(row["READY"] == "True" and row["STATUS"].startswith("stored artifact for revision") and row["SOURCE"] == "app", f"{row}")
    ea = lab.api.get(EA, lab.ns, "app-development")
    ref = ea["spec"]["sourceRef"]
    check((ref["kind"], ref["namespace"], ref["name"]) == ("OpenChoreoSource", lab.ns, "app"), f"{ref}")
    check(ea["status"]["artifact"]["metadata"]["org.opencontainers.image.revision"] == revision, "no commit for flux trace")
    text = kubectl(lab, "-n", lab.ns, "events", "--for=externalartifact/app-development")
    check("NewArtifact" in text and ea["status"]["artifact"]["revision"] in text, text)


def case_events(lab):
    """One event per change, about the ExternalArtifact; none where nothing changes or is tried again"""
    import http.server, threading
    posted = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    c = lab.controller("events", [f"--events-addr=http://127.0.0.1:{server.server_port}/"]).start()
    about = lambda: [(e["involvedObject"]["name"], e["severity"]) for e in posted
                     if e["involvedObject"]["kind"] == "ExternalArtifact" and e["involvedObject"]["namespace"] == lab.ns]
    first = lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.settled()
    wait("two events", lambda: sorted(about()) == [("app-development", "info"), ("app-production", "info")], 10)
    event = posted[[e["involvedObject"]["name"] for e in posted].index("app-development")]
    a = lab.artifact("app-development")
    prefix = "event.toolkit.fluxcd.io/"
    check(event["metadata"].get(prefix + "revision") == a["revision"] and event["metadata"].get(prefix + "originRevision") == first and
          event["reportingController"] == "openchoreo-flux-source" and event["reason"], f"{event}")
    lab.commit(tree(ns=lab.ns, ignored="nothing"))
    wait("the commit without effect", lambda: lab.ours()["status"]["observedSources"][0]["revision"] != first)
    lab.commit(tree(ns=lab.ns, broken_release="development"))
    lab.settled(ready="False", reason="BuildFailed")
    wait("an event of the failure", lambda: ("app-development", "error") in about(), 10)
    time.sleep(5)  # it is tried again meanwhile
    check(about().count(("app-development", "error")) == 1 and len(about()) == 3, f"{about()}")
    c.stop()
    server.shutdown()


case_events.own_controllers = True
