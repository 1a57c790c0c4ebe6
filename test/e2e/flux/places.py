"""What goes where."""
from lab import EA, check, wait
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
