"""Bad days: hostile and broken sources, kills, a lost storage, an API server that goes away, replicas and shards."""
import gzip, hashlib, io, json, os, random, shutil, signal, socket, subprocess, tarfile, time, urllib.parse

from basic import ENVS, setup
from lab import EA, GROUP, KS, OURS, ORIGIN, Failed, answer, check, condition, hold, pack, wait
from tree import tree


def raw_tar(*members):
    """A tar.gz of (name, bytes or None for a symlink to /etc/passwd)."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if data is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
                t.addfile(info)
            else:
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue())


def case_hostile_archives_are_refused(lab):
    """Names that leave, no gzip, another digest, a bomb: told, and the last good artifact stays"""
    found = setup(lab, kustomizations=False)
    good = pack(tree(ns=lab.ns, text="two"))
    for what, kw in {"a name that leaves": dict(data=raw_tar(("a/../b.yaml", b"x: 1\n"))),
                     "an absolute name": dict(data=raw_tar(("/b.yaml", b"x: 1\n"))),
                     "no gzip": dict(data=gzip.decompress(good)),
                     "cut short": dict(data=good[:len(good) // 2]),
                     "another digest": dict(data=good, digest="sha256:" + "0" * 64),
                     "sha1": dict(data=good, digest="sha1:" + hashlib.sha1(good).hexdigest()),
                     "a bomb": dict(data=raw_tar(("big.bin", bytes(300 << 20))))}.items():
        lab.commit(None, **kw)
        o = lab.settled(ready="False", reason="SourceFetchFailed", contains="repo: ")
        check(lab.artifact("app-development")["revision"] == found["development"]["revision"], what)
        check(condition(lab.api.get(EA, lab.ns, "app-development"))["reason"] == "SourceFetchFailed", what)
        lab.commit(tree(ns=lab.ns))
        lab.settled()
    lab.commit(None, data=raw_tar(("link.yaml", None), *[(p, t.encode()) for p, t in tree(ns=lab.ns, text="three").items()]))
    lab.announced("app-development", found["development"])  # links are passed over
    lab.settled()


def case_unreachable_and_forbidden_urls(lab):
    """Other schemes, other hosts by redirect, refused connections: told, never followed"""
    found = setup(lab, kustomizations=False)
    data = pack(tree(ns=lab.ns, text="two"))
    elsewhere = lab.upstream.put("/elsewhere.tar.gz", data).replace("127.0.0.1", "localhost")

    def redirect(handler, _):
        answer(handler, 302, b"", headers=[("Location", elsewhere)])
    for url in ("file:///etc/passwd", "http://127.0.0.1:1/x.tar.gz", lab.upstream.put("/away.tar.gz", b"", redirect),
                lab.upstream.base + "/missing.tar.gz"):
        lab.commit(None, data=data, url=url)
        lab.settled(ready="False", reason="SourceFetchFailed", contains="repo: ")
        check(lab.artifact("app-development")["revision"] == found["development"]["revision"], url)
    lab.commit(None, data=data)
    lab.announced("app-development", found["development"])


def case_a_stalled_source_harms_no_other(lab):
    """A server that stops in mid-body: told as working, given up after the time, others go on meanwhile"""
    def stall(handler, data):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:100])
        handler.wfile.flush()
        time.sleep(60)
    for i in range(3):
        lab.commit(tree(ns=lab.ns), name=f"stalled{i}", fault=stall)
        lab.declare(f"slow{i}", sources=[{"alias": "repo", "kind": "GitRepository", "name": f"stalled{i}"}], timeout="8s")
    wait("work to be told of", lambda: condition(lab.ours("slow0"), "Reconciling").get("reason") == "Progressing", 10)
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    lab.announced("app-development", seconds=10)
    lab.settled("slow0", ready="False", reason="SourceFetchFailed", contains="time", seconds=40)


def case_a_server_error_is_tried_again(lab):
    """503 twice, then the archive: no failure is told"""
    left = [2]

    def flaky(handler, data):
        left[0] -= 1
        return answer(handler, 503 if left[0] >= 0 else 200, data)
    lab.commit(tree(ns=lab.ns), fault=flaky)
    lab.declare()
    lab.announced("app-development", seconds=20)
    lab.settled()


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

LEASE = ["--enable-leader-election", "--leader-election-lease-duration=3s", "--leader-election-renew-deadline=2s",
         "--leader-election-retry-period=500ms"]


def case_two_replicas(lab):
    """Both are Ready, one writes; a killed leader costs no artifact; a stopped one that wakes up writes nothing"""
    a = lab.controller("first", LEASE).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    lab.settled()
    b = lab.controller("second", LEASE, advertise=a.advertise).start()  # ready only with every artifact
    check(b.http("/" + one["path"])[0] == 200, "the standby does not serve what is announced")
    check([x.metric("leader_election_master_status") for x in (a, b)] == [1, 0], "one of them writes")
    a.process.send_signal(signal.SIGSTOP)
    wait("the second to lead", lambda: b.metric("leader_election_master_status") == 1, 20)
    lab.commit(tree(ns=lab.ns, text="two"))
    two = lab.announced("app-development", one, seconds=30)
    ea = lab.api.get(EA, lab.ns, "app-development")
    a.process.send_signal(signal.SIGCONT)
    hold("what the new leader wrote", lambda: lab.api.get(EA, lab.ns, "app-development") == ea, 5)
    check(a.alive() and a.metric("leader_election_master_status") == 0, "the old leader still writes, or ended")
    wait("the old leader to have it too", lambda: a.http("/" + two["path"])[0] == 200, 20)
    b.kill()
    wait("the first to lead again", lambda: a.metric("leader_election_master_status") == 1, 20)
    lab.commit(tree(ns=lab.ns, text="three"))
    lab.announced("app-development", two, seconds=30)
    check(a.stop() == 0, "exit status")


case_two_replicas.own_controllers = True


def case_shards(lab):
    """An object that moves to another shard keeps its revision and gets the other's URL"""
    a = lab.controller("none", ["--watch-label-selector=!sharding.fluxcd.io/key"]).start()
    b = lab.controller("one", ["--watch-label-selector=sharding.fluxcd.io/key=one"]).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")
    check(one["url"].startswith(f"http://{a.advertise}/"), one["url"])
    lab.api.merge(OURS, lab.ns, "app", {"metadata": {"labels": {"sharding.fluxcd.io/key": "one"}}})
    wait("the other shard's URL", lambda: lab.artifact("app-development")["url"].startswith(f"http://{b.advertise}/"), 20)
    two = lab.artifact("app-development")
    check({k: v for k, v in two.items() if k != "url"} == {k: v for k, v in one.items() if k != "url"}, f"{one}\n{two}")
    lab.download(two)
    check(a.http("/" + one["path"])[0] == 200, "the old file is gone before its time")
    lab.settled()
    for c in (a, b):
        c.stop()


case_shards.own_controllers = True


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


def case_nothing_secret_is_told(lab):
    """A URL with credentials shows them neither in conditions nor in the log"""
    lab.commit(None, data=b"x", url="http://user:hunter2@127.0.0.1:1/x.tar.gz?token=hunter2")
    lab.declare()
    o = lab.settled(ready="False", reason="SourceFetchFailed")
    check("hunter2" not in json.dumps(o["status"]), "told in the status")
    check("hunter2" not in open(lab.main.log, errors="replace").read(), "told in the log")
