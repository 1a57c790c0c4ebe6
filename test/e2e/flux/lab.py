"""What the cases stand on: an API server client, a server of source artifacts that can misbehave, and the controller under
test as a process. Python's standard library only."""
import base64, ctypes, gzip, hashlib, http.client, http.server, io, json, os, re, shlex, signal, socket, ssl, subprocess, tarfile
import tempfile, threading, time, urllib.parse

GROUP, VERSION = "gitops.openchoreo.dev", "v1alpha1"
OURS = (f"apis/{GROUP}/{VERSION}", "openchoreosources")
GIT = ("apis/source.toolkit.fluxcd.io/v1", "gitrepositories")
EA = ("apis/source.toolkit.fluxcd.io/v1", "externalartifacts")
KS = ("apis/kustomize.toolkit.fluxcd.io/v1", "kustomizations")
CM = ("api/v1", "configmaps")
KINDS = {"GitRepository": GIT, "ExternalArtifact": EA, "OCIRepository": (GIT[0], "ocirepositories"), "Bucket": (GIT[0], "buckets")}
ORIGIN = "org.opencontainers.image.revision"
SLOW = float(os.environ.get("FLUX_LAB_SLOW", "1"))  # all time limits are multiplied by it


class Failed(Exception):
    pass


def check(ok, text):
    if not ok:
        raise Failed(text)


def wait(what, ask, seconds=60):
    """Asks until the answer is neither None nor False, and gives it. `ask` may raise Failed while it waits."""
    end, last = time.monotonic() + seconds * SLOW, None
    while True:
        try:
            answer = ask()
            if answer is not None and answer is not False:
                return answer
        except Failed as e:
            last = e
        if time.monotonic() > end:
            raise Failed(f"waited {seconds * SLOW:.0f} s for {what}" + (f": {last}" if last else ""))
        time.sleep(0.1)


def hold(what, ask, seconds=5):
    """`ask` must keep being true for `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        check(ask(), f"did not stay: {what}")
        time.sleep(0.2)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Api:
    """The API server, by the kubeconfig that peers/kube.sh writes."""

    def __init__(self, kubeconfig):
        text = open(kubeconfig).read()
        get = lambda key: re.search(rf"{key}: *(\S+)", text).group(1)
        self.url = urllib.parse.urlsplit(get("server"))
        self.context = ssl.create_default_context(cadata=base64.b64decode(get("certificate-authority-data")).decode())
        with tempfile.NamedTemporaryFile() as f:
            f.write(base64.b64decode(get("client-certificate-data")) + b"\n" + base64.b64decode(get("client-key-data")))
            f.flush()
            self.context.load_cert_chain(f.name)

    def call(self, method, path, body=None, kind="application/json", ok=True, tries=30):
        c = http.client.HTTPSConnection(self.url.hostname, self.url.port, context=self.context, timeout=30)
        try:
            c.request(method, "/" + path, json.dumps(body) if body is not None else None, {"Content-Type": kind})
            r = c.getresponse()
            data = r.read()
        except OSError as e:
            raise Failed(f"API server: {e}")
        finally:
            c.close()
        answer = json.loads(data) if data[:1] == b"{" else {"text": data.decode(errors="replace")}
        if r.status == 429 and tries:  # "storage is (re)initializing": just after its start
            time.sleep(1)
            return self.call(method, path, body, kind, ok, tries - 1)
        if r.status >= 400:
            if ok:
                raise Failed(f"{method} {path}: {r.status} {answer.get('message', answer)}")
            return None
        return answer

    @staticmethod
    def path(res, ns=None, name=None, sub=None):
        return "/".join(x for x in (res[0], f"namespaces/{ns}" if ns else None, res[1], name, sub) if x)

    def get(self, res, ns, name):
        return self.call("GET", self.path(res, ns, name), ok=False)

    def list(self, res, ns=None, labels=""):
        q = "?labelSelector=" + urllib.parse.quote(labels) if labels else ""
        return self.call("GET", self.path(res, ns) + q)["items"]

    def create(self, res, ns, body):
        return self.call("POST", self.path(res, ns), body)

    def merge(self, res, ns, name, body, sub=None):
        return self.call("PATCH", self.path(res, ns, name, sub), body, "application/merge-patch+json")

    def delete(self, res, ns, name, ok=False):
        return self.call("DELETE", self.path(res, ns, name), {"propagationPolicy": "Background"}, ok=ok)

    def apply_yaml(self, text, manager="flux-lab"):
        """Server-side apply of CRDs (any cluster-scoped or namespaced document of a kind listed here)."""
        plurals = {"CustomResourceDefinition": "apis/apiextensions.k8s.io/v1/customresourcedefinitions"}
        for doc in re.split(r"(?m)^---.*\n", text):
            if not doc.strip():
                continue
            kind = re.search(r"(?m)^kind: *(\S+)", doc).group(1)
            name = (re.search(r"(?m)^metadata:\n(?:[ ].*\n)*?  name: *(\S+)", doc) or
                    re.search(r'(?m)^ *"?metadata"?: *\{[^}]*?"?name"?: *"?([^",}\s]+)', doc)).group(1)
            c = http.client.HTTPSConnection(self.url.hostname, self.url.port, context=self.context, timeout=30)
            c.request("PATCH", f"/{plurals[kind]}/{name}?fieldManager={manager}&force=true", doc.encode(),
                      {"Content-Type": "application/apply-patch+yaml"})
            r = c.getresponse()
            data = r.read()
            c.close()
            check(r.status < 300, f"apply {kind} {name}: {r.status} {data[:300]!r}")


def condition(obj, kind="Ready"):
    return next((c for c in (obj or {}).get("status", {}).get("conditions", []) if c["type"] == kind), {})


def pack(files, shuffle=False):
    """path -> str|bytes as tar.gz, as source-controller would."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for path in sorted(files, reverse=shuffle):
            data = files[path].encode() if isinstance(files[path], str) else files[path]
            info = tarfile.TarInfo(("./" if shuffle else "") + path)
            info.size, info.mode, info.mtime = len(data), 0o600, 1700000000 if shuffle else 0
            t.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), 1 if shuffle else 6, mtime=0)


class Upstream:
    """Serves source artifacts. `put` gives a URL; `fault` is a function(handler, data) that answers in its own way."""

    def __init__(self):
        self.files, self.faults, self.hits = {}, {}, []
        lab = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                lab.hits.append(self.path)
                data = lab.files.get(self.path)
                fault = lab.faults.get(self.path)
                if fault:
                    return fault(self, data)
                if data is None:
                    return answer(self, 404, b"not found")
                answer(self, 200, data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, path, data, fault=None):
        self.files[path] = data
        self.faults[path] = fault
        return self.base + path


def answer(handler, code, data=b"", length=None, headers=()):
    handler.send_response(code)
    handler.send_header("Content-Length", str(len(data) if length is None else length))
    for k, v in headers:
        handler.send_header(k, v)
    handler.end_headers()
    handler.wfile.write(data)


def die_with_us():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: a harness that is killed leaves no controller behind


class Controller:
    """One process of the program under test. Flags are those of flux-source/README.md."""

    def __init__(self, lab, name="a", flags=(), storage=None, advertise=None):
        self.lab, self.name, self.flags = lab, name, list(flags)
        self.storage = storage or os.path.join(lab.work, f"storage-{name}")
        self.port, self.metrics, self.health = free_port(), free_port(), free_port()
        self.advertise = advertise or f"127.0.0.1:{self.port}"
        self.log = os.path.join(lab.work, f"controller-{name}.log")
        self.process = None

    def start(self, ready=True):
        os.makedirs(self.storage, exist_ok=True)
        command = shlex.split(self.lab.program) + [
            f"--storage-path={self.storage}", f"--storage-addr=127.0.0.1:{self.port}", f"--storage-adv-addr={self.advertise}",
            f"--metrics-addr=127.0.0.1:{self.metrics}", f"--health-addr=127.0.0.1:{self.health}",
            "--min-retry-delay=200ms", "--max-retry-delay=2s", "--requeue-dependency=1s", "--http-retry=2",
            "--artifact-retention-ttl=10m", "--log-level=debug"] + self.flags
        env = dict(os.environ, KUBECONFIG=self.lab.kubeconfig, RUNTIME_NAMESPACE="flux-system")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=open(self.log, "ab"),
                                        stderr=subprocess.STDOUT, env=env, start_new_session=True,
                                        preexec_fn=die_with_us)
        if ready:
            wait(f"controller {self.name} to be ready", self.ready, 30)
        return self

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def ready(self):
        check(self.alive(), f"controller {self.name} ended: {self.tail()}")
        return self.http("/readyz", self.health)[0] == 200

    def http(self, path, port=None, method="GET", headers=None, host="127.0.0.1"):
        c = http.client.HTTPConnection(host, port or self.port, timeout=10)
        try:
            c.request(method, path, headers=headers or {})
            r = c.getresponse()
            return r.status, r.read(), dict(r.getheaders())
        except (OSError, http.client.HTTPException):
            return 0, b"", {}
        finally:
            c.close()

    def metric(self, series, /, **labels):
        """Sum of the samples of `series` whose labels include `labels`; None if there is none."""
        total = None
        for line in self.http("/metrics", self.metrics)[1].decode().splitlines():
            m = re.match(r"([a-zA-Z_:]+)(?:\{(.*)\})? (\S+)$", line)
            if m and m.group(1) == series:
                have = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', m.group(2) or ""))
                if all(have.get(k) == v for k, v in labels.items()):
                    total = (total or 0) + float(m.group(3))
        return total

    def stop(self, sig=signal.SIGTERM, seconds=15):
        if self.alive():
            self.process.send_signal(sig)
            try:
                self.process.wait(seconds * SLOW)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed(f"controller {self.name} did not end within {seconds} s of signal {sig}")
        code, self.process = (self.process.returncode if self.process else None), None
        return code

    def kill(self):
        self.stop(signal.SIGKILL)

    def tail(self):
        try:
            return open(self.log, errors="replace").read()[-1500:]
        except OSError:
            return ""


class Lab:
    def __init__(self, program, kubeconfig, work, render=None):
        self.program, self.kubeconfig, self.work, self.render = program, kubeconfig, work, render
        self.api, self.upstream, self.count, self.ns = Api(kubeconfig), Upstream(), 0, None
        self.controllers = []

    def controller(self, *args, **kw):
        c = Controller(self, *args, **kw)
        self.controllers.append(c)
        return c

    def fresh_namespace(self, stem):
        self.count += 1
        self.ns = f"{stem.replace('_', '-')[:40].strip('-')}-{os.getpid()}-{self.count}"
        self.api.create(("api/v1", "namespaces"), None, {"metadata": {"name": self.ns}})
        return self.ns

    # --- inputs -------------------------------------------------------------------------------------------------------

    def commit(self, files, name="repo", sha=None, kind="GitRepository", ns=None, data=None, fault=None, digest=None,
               url=None, metadata=None):
        """Announces `files` (or the bytes `data`) as the artifact of a source object, as source-controller would.
        Gives its revision."""
        ns = ns or self.ns
        data = pack(files) if data is None else data
        sum_ = hashlib.sha256(data).hexdigest()
        sha = sha or hashlib.sha1(data + os.urandom(4)).hexdigest()
        path = f"/{kind.lower()}/{ns}/{name}/{sha[:12]}-{len(self.upstream.files)}.tar.gz"
        url = url or self.upstream.put(path, data, fault)
        revision = f"main@sha1:{sha}" if kind == "GitRepository" else f"latest@sha256:{sum_}"
        res = KINDS[kind]
        if self.api.get(res, ns, name) is None:
            spec = {"GitRepository": {"interval": "1h", "url": "https://example.com/none.git"},
                    "OCIRepository": {"interval": "1h", "url": "oci://example.com/none"},
                    "Bucket": {"interval": "1h", "bucketName": "b", "endpoint": "example.com"}, "ExternalArtifact": {}}[kind]
            if spec:
                spec["suspend"] = True  # a source-controller that happens to run must not touch it
            self.api.create(res, ns, {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind, "metadata": {"name": name},
                                      "spec": spec})
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        artifact = {"url": url, "path": path[1:], "revision": revision, "digest": digest or f"sha256:{sum_}",
                    "lastUpdateTime": now, "size": len(data), "metadata": metadata}
        self.api.merge(res, ns, name, {"status": {"artifact": artifact, "conditions": [
            {"type": "Ready", "status": "True", "reason": "Succeeded", "message": "stored", "lastTransitionTime": now}]}},
            "status")
        return revision

    def declare(self, name="app", sources=None, labels=None, annotations=None, **spec):
        """Creates or changes an OpenChoreoSource. Its default source is GitRepository `repo`."""
        body = {"apiVersion": f"{GROUP}/{VERSION}", "kind": "OpenChoreoSource",
                "metadata": {"name": name, "labels": labels, "annotations": annotations},
                "spec": dict({"interval": "1h", "sources": sources or [
                    {"alias": "repo", "kind": "GitRepository", "name": "repo"}]}, **spec)}
        if self.api.get(OURS, self.ns, name):
            return self.api.merge(OURS, self.ns, name, {"metadata": body["metadata"], "spec": body["spec"]})
        return self.api.create(OURS, self.ns, body)

    def kustomize(self, artifact, name=None, **spec):
        """A Kustomization that consumes ExternalArtifact `artifact`."""
        return self.api.create(KS, self.ns, {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": name or artifact},
            "spec": dict({"interval": "1h", "retryInterval": "2s", "prune": True, "path": "./",
                          "sourceRef": {"kind": "ExternalArtifact", "name": artifact}}, **spec)})

    # --- what came of it ----------------------------------------------------------------------------------------------

    def ours(self, name="app"):
        return self.api.get(OURS, self.ns, name)

    def artifact(self, name):
        return (self.api.get(EA, self.ns, name) or {}).get("status", {}).get("artifact")

    def settled(self, name="app", ready="True", reason=None, contains="", seconds=60):
        """The object once it says `ready` for its latest generation and no longer reconciles."""
        def ask():
            obj = self.ours(name)
            c = condition(obj)
            check(c, f"no Ready condition: {json.dumps((obj or {}).get('status'))}")
            check(c["status"] == ready and (reason is None or c["reason"] == reason) and contains in c["message"],
                  f"Ready={c['status']} {c['reason']}: {c['message'][:400]}")
            check(obj["status"].get("observedGeneration") == obj["metadata"]["generation"], "observedGeneration is behind")
            if ready == "True":
                check(not condition(obj, "Reconciling") and not condition(obj, "Stalled"), "Reconciling or Stalled is left")
            return obj
        return wait(f"{name} Ready={ready} {reason or ''} {contains!r}", ask, seconds)

    def announced(self, name, unlike=None, seconds=60):
        """status.artifact of ExternalArtifact `name`, once its revision is another than that of `unlike`."""
        def ask():
            a = self.artifact(name)
            return a if a and (unlike is None or a["revision"] != unlike["revision"]) else None
        return wait(f"ExternalArtifact {name} to announce" + (" another revision" if unlike else ""), ask, seconds)

    def download(self, artifact):
        """The files of an announced artifact, after checking digest and size: path -> bytes."""
        check(artifact, "no artifact is announced")
        u = urllib.parse.urlsplit(artifact["url"])
        c = http.client.HTTPConnection(u.hostname, u.port, timeout=20)
        try:
            c.request("GET", u.path)
            r = c.getresponse()
            data = r.read()
        except (OSError, http.client.HTTPException) as e:
            raise Failed(f"GET {artifact['url']}: {e}")
        finally:
            c.close()
        check(r.status == 200, f"GET {artifact['url']}: {r.status}")
        algo, _, want = artifact["digest"].partition(":")
        check(hashlib.new(algo, data).hexdigest() == want, "digest does not fit the bytes served")
        check(artifact.get("size") == len(data), f"size {artifact.get('size')}, served {len(data)}")
        tar = gzip.decompress(data)
        return {m.name.removeprefix("./"): t.extractfile(m).read()
                for t in [tarfile.open(fileobj=io.BytesIO(tar))] for m in t if m.isfile()}, data, tar

    def applied(self, revision, name, seconds=60):
        def ask():
            k = self.api.get(KS, self.ns, name)
            c = condition(k)
            check(c.get("status") == "True" and k["status"].get("lastAppliedRevision") == revision,
                  f"{c.get('reason')}: {c.get('message')}")
            return k
        return wait(f"Kustomization {name} at {revision}", ask, seconds)

    def pages(self, environment=None, oc=None):
        """component -> text of the ConfigMaps in the cluster that came from OpenChoreo namespace `oc` (default: the case's)."""
        guide = os.environ.get("FLUX_LAB_DIALECT") == "guide"  # its objects have no label of the namespace
        labels = "" if guide else f"openchoreo.dev/namespace={oc or self.ns},"
        labels += "openchoreo.dev/component"
        if environment:
            labels += f",openchoreo.dev/environment={environment}"
        return {i["metadata"]["labels"]["openchoreo.dev/component"]: i["data"]["text"]
                for i in self.api.list(CM, None, labels)
                if "text" in i.get("data", {}) and i["data"].get("organization", oc or self.ns) == (oc or self.ns)}
