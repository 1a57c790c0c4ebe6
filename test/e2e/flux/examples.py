"""Each file of examples/flux: its repositories are announced, its Kustomizations find what they point at."""
import os, re, urllib.parse

from lab import EA, KS, KINDS, OURS, Failed, check, wait

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "..", "..", "..", "examples")
PLURALS = dict({k: v for k, v in KINDS.items()}, OpenChoreoSource=OURS, Kustomization=KS)


def folder(path):
    files = {}
    for root, _, names in os.walk(os.path.join(EXAMPLES, path)):
        for name in names:
            full = os.path.join(root, name)
            relative = os.path.relpath(full, os.path.join(EXAMPLES, path))
            if not relative.startswith("expected"):
                files[relative] = open(full, encoding="utf-8").read()
    check(files, f"examples/{path} is empty")
    return files


def apply(lab, text, kind, name):
    body = text.replace("namespace: flux-system", f"namespace: {lab.ns}")
    res = PLURALS[kind]
    import http.client
    c = http.client.HTTPSConnection(lab.api.url.hostname, lab.api.url.port, context=lab.api.context, timeout=30)
    c.request("PATCH", f"/{lab.api.path(res, lab.ns, name)}?fieldManager=example&force=true&fieldValidation=Strict", body.encode(),
              {"Content-Type": "application/apply-patch+yaml"})
    r = c.getresponse()
    data = r.read()
    c.close()
    check(r.status < 300, f"{kind} {name}: {r.status} {data[:400]!r}")


def run(lab, example):
    text = open(os.path.join(EXAMPLES, "flux", example + ".yaml")).read()
    kustomizations = []
    for doc in re.split(r"(?m)^---\n", text):
        kind = re.search(r"(?m)^kind: (\S+)", doc).group(1)
        name = re.search(r"(?m)^metadata: \{name: ([^,}]+)", doc).group(1)
        if kind == "ArtifactGenerator":  # stands before us: what it would announce
            lab.commit({p: t for p, t in folder("mono-repo").items() if p.startswith(("platform", "projects"))},
                       name="openchoreo", kind="ExternalArtifact")
            continue
        if kind == "Kustomization":  # suspended: no data plane is here to apply to
            doc += "  suspend: true\n"
            kustomizations.append((name, re.search(r"kind: ExternalArtifact, name: ([^}]+)", doc).group(1),
                                   re.search(r"(?m)^  path: \./(\S*)", doc).group(1)))
        apply(lab, doc, kind, name)
        if kind == "GitRepository":
            lab.commit(folder(re.search(r"# Stands for (\S+) of", doc).group(1)), name=name)
    for o in lab.api.list(OURS, lab.ns):
        lab.settled(o["metadata"]["name"])
        check(o["spec"]["sources"], "no sources")
    for name, artifact, path in kustomizations:
        files, _, _ = lab.download(lab.announced(artifact))
        check(os.path.join(path, "kustomization.yaml") in files, f"{name}: no {path} in {artifact}")
    return {o["metadata"]["name"] for o in lab.api.list(EA, lab.ns, "app.kubernetes.io/managed-by=openchoreo-flux-source")}


def add(example, artifacts):
    def case(lab):
        found = run(lab, example)
        check(found == set(artifacts.split()), f"announced: {sorted(found)}")
    case.__doc__ = f"examples/flux/{example}.yaml"
    globals()["case_example_" + example.replace("-", "_")] = case


add("mono-repo", "acme-development acme-staging acme-production")
add("guide-mono-repo", "my-org-development my-org-staging")
add("multi-repo", "my-org-development my-org-staging")
add("repo-per-project", "my-org-development-billing my-org-development-shop my-org-production-billing my-org-staging-shop")
add("separate-bindings", "my-org-development my-org-staging my-org-production")
add("environment-repos", "non-production-development non-production-staging production-production")
add("clusters", "acme-non-production acme-production")
add("artifact-generator", "acme-development acme-staging acme-production")
