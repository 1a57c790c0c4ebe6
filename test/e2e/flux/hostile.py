"""Sources that mean harm, or are broken: told, and the last good artifact stays."""
import gzip, hashlib, io, json, os, tarfile, time

from basic import setup
from lab import EA, OURS, answer, check, condition, pack, wait
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


def case_nothing_secret_is_told(lab):
    """A URL with credentials shows them neither in conditions nor in the log"""
    lab.commit(None, data=b"x", url="http://user:hunter2@127.0.0.1:1/x.tar.gz?token=hunter2")
    lab.declare()
    o = lab.settled(ready="False", reason="SourceFetchFailed")
    check("hunter2" not in json.dumps(o["status"]), "told in the status")
    check("hunter2" not in open(lab.main.log, errors="replace").read(), "told in the log")


def case_redirects_within_the_host(lab):
    """Followed on their host, five times at most"""
    data = pack(tree(ns=lab.ns))
    place = lab.upstream.put("/real.tar.gz", data)

    def to(url):
        return lambda handler, _: answer(handler, 307, headers=[("Location", url)])
    lab.commit(None, data=data, url=lab.upstream.put("/there.tar.gz", b"", to(place)))
    lab.declare()
    one = lab.announced("app-development")
    loop = lab.upstream.base + "/loop.tar.gz"
    lab.commit(None, data=data + b"x", url=lab.upstream.put("/loop.tar.gz", b"", to(loop)))
    lab.settled(ready="False", reason="SourceFetchFailed", contains="repo: ")
    check(lab.artifact("app-development")["revision"] == one["revision"], "the last good artifact")


def case_bodies_without_end(lab):
    """A body that is longer than its header says, has no length, or never ends: bounded by --source-max-size"""
    small = lab.controller("small", ["--source-max-size=256Ki", "--http-stall-timeout=2s"]).start()
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    one = lab.announced("app-development")

    def endless(handler, _):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(4000):
                handler.wfile.write(bytes(65536))
        except OSError:
            pass
        handler.close_connection = True

    def drip(handler, data):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        try:
            for byte in data:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(1)
        except OSError:
            pass

    for what, fault, text in (("endless", endless, "--source-max-size"), ("dripping", drip, "time")):
        lab.declare(timeout="4s")
        lab.commit(tree(ns=lab.ns, text=what), fault=fault)
        lab.settled(ready="False", reason="SourceFetchFailed", contains=text, seconds=40)
        check(lab.artifact("app-development")["revision"] == one["revision"], what)
    # Inflated it may be 20 times as large, and no more; the message names what is large.
    noise = os.urandom(64 << 10)
    lab.commit(None, data=raw_tar(*[(f"big/{i}.bin", noise[:1024] + bytes(60 << 10)) for i in range(100)]))
    lab.settled(ready="False", reason="SourceFetchFailed", contains="big (")
    lab.commit(tree(ns=lab.ns, text="three"))
    lab.announced("app-development", one)
    small.stop()


case_bodies_without_end.own_controllers = True


def case_large_and_odd_entries(lab):
    """A gigantic file that is not OpenChoreo's is left alone; one that is, told; hard links, doubles, deep names"""
    files = [(p, t.encode()) for p, t in tree(ns=lab.ns).items()]
    huge = b"values:\n" + b"- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" * 500_000
    lab.commit(None, data=raw_tar(("values/huge.yaml", huge), *files))
    lab.declare()
    one = lab.announced("app-development")
    lab.settled()
    head = b"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: big}\nspec:\n"
    lab.commit(None, data=raw_tar(("a/huge.yaml", head + huge), *files))
    lab.settled(ready="False", reason="BuildFailed", contains="a/huge.yaml")
    check(lab.artifact("app-development")["revision"] == one["revision"], "the last good artifact")
    # Of two entries of one name the later counts, as unpacking leaves it.
    other = [(p, t.encode()) for p, t in tree(ns=lab.ns, text="two").items()]
    lab.commit(None, data=raw_tar(*other, *files))
    o = lab.settled()
    check(lab.artifact("app-development")["revision"] == one["revision"], "the first of two entries counted")
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as t:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("hard.yaml")
        link.type, link.linkname = tarfile.LNKTYPE, files[0][0]
        t.addfile(link)
        deep = tarfile.TarInfo("/".join(["d"] * 900) + "/x.txt")
        t.addfile(deep)
    lab.commit(None, data=gzip.compress(raw.getvalue()))
    wait("it to be read", lambda: lab.ours()["status"]["observedSources"][0]["revision"] !=
         o["status"]["observedSources"][0]["revision"])
    lab.settled()
    check(lab.artifact("app-development")["revision"] == one["revision"], "a hard link or a deep name counted")
    fifo = io.BytesIO()
    with tarfile.open(fileobj=fifo, mode="w") as t:
        info = tarfile.TarInfo("fifo.yaml")
        info.type = tarfile.FIFOTYPE
        t.addfile(info)
    lab.commit(None, data=gzip.compress(fifo.getvalue()))
    lab.settled(ready="False", reason="SourceFetchFailed", contains="fifo.yaml")


def endless(ns):
    """A tree whose templates count for as long as they may."""
    many = ",".join(str(i) for i in range(60))
    loop = f"[{many}].map(a, [{many}].map(b, [{many}].map(c, [{many}].map(d, a + b + c + d))))"
    files = tree(ns=ns)
    for path, text in files.items():
        if "kind: ComponentType" in text or "kind: ComponentRelease" in text:
            files[path] = text.replace("${parameters.text}", "${string(size(" + loop + "))}")
    return files


def case_no_tenant_starves_another(lab):
    """Forty objects that stall or render without end, in one namespace: another's is announced within seconds"""
    def stall(handler, data):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:50])
        handler.wfile.flush()
        time.sleep(120)
    hostile = lab.ns
    lab.commit(endless(hostile), name="endless")
    for i in range(40):
        source = "endless"
        if i % 2:
            source = f"stalled{i}"
            lab.commit(tree(ns=hostile), name=source, fault=stall)
        lab.declare(f"slow{i}", sources=[{"alias": "repo", "kind": "GitRepository", "name": source}], timeout="2m")
    time.sleep(3)
    lab.fresh_namespace("good-neighbour")
    lab.commit(tree(ns=lab.ns))
    lab.declare()
    t0 = time.monotonic()
    one = lab.announced("app-development", seconds=15)
    lab.commit(tree(ns=lab.ns, text="two"))
    lab.announced("app-development", one, seconds=15)
    took = time.monotonic() - t0
    for i in range(40):
        lab.api.delete(OURS, hostile, f"slow{i}")
    check(took < 20, f"{took:.1f} s")


def case_another_namespace_sees_nothing(lab):
    """An object that names a source of its own namespace never gets another's content, even of one digest"""
    mine, data = lab.ns, pack(tree(ns=lab.ns))
    lab.commit(None, data=data)
    lab.declare()
    lab.announced("app-development")
    other = lab.fresh_namespace("other-tenant")
    # It knows the digest, and not where the bytes are.
    lab.commit(None, data=data, url=lab.upstream.base + "/nothing.tar.gz")
    lab.declare()
    lab.settled(ready="False", reason="SourceFetchFailed", contains="404")
    check(lab.api.get(EA, other, "app-development") is None, f"{other} was given what is {mine}'s")
    lab.api.delete(OURS, mine, "app")
